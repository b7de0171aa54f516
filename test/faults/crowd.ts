import type { Transport } from '../../src/core/credential.js';
import { Client, newEmail } from '../support/client.js';
import type { Act } from './ledger.js';
import type { Random } from './random.js';

/** In every password of the load: nothing that the program says may hold it. */
export const MARKER = 'marker gates';

/** Somebody who has registered, or has tried to. */
export class Person {
  readonly email = newEmail();
  readonly devices: Device[] = [];
  /** The one that was acknowledged last, or is to be by the register that is under way. */
  password = `${MARKER} first`;
  /** A change that nobody has answered: either password may be the right one. */
  openChange: Act | null = null;
  isRegistered = false;
  private passwords = 1;

  /** Nothing that makes the others wait for its outcome is under way. */
  isFree = true;

  constructor(private readonly place: number) {}

  nextPassword(): string {
    this.passwords += 1;
    return `${MARKER} number ${this.passwords}`;
  }

  newClient(url: string, transport: Transport): Client {
    const client = new Client(url, transport, this.email);
    client.headers = { ...client.headers, 'x-forwarded-for': this.address };
    return client;
  }

  /** Nobody shares the network of another, so that no limit on a source is met. */
  private get address(): string {
    return `10.${(this.place >> 8) & 255}.${this.place & 255}.7`;
  }
}

/** A session and who holds its credential. */
export class Device {
  isRefreshing = false;
  /** `live`: nothing has been asked that ends it. `doubtful`: something has, and nobody has answered. */
  state: 'live' | 'doubtful' | 'ended' = 'live';

  constructor(
    readonly id: string,
    readonly person: Person,
    readonly client: Client,
  ) {}

  /** Its client, asking this instance, with what it holds now. */
  at(url: string): Client {
    const copy = this.client.copy(url);
    copy.headers = this.client.headers;
    return copy;
  }
}

/** The long-lived token among what a client holds. */
export function longLived({ held: { accessToken, refreshToken, cookies } }: Client): string {
  const cookie = Object.entries(cookies).find(([name]) => name.endsWith('rt') || name.endsWith('sid'));
  return refreshToken ?? accessToken ?? cookie?.[1] ?? '';
}

const ACTIVE = 40;

/** Everybody who acts. Who came first leaves when there are too many; their sessions stay to be asked for. */
export class Crowd {
  private readonly people: Person[] = [];
  private joined = 0;
  /** Sessions that have ended, to be tried again later. */
  readonly graveyard: Device[] = [];
  /** Whoever has acted since the last roll call. */
  readonly touched = new Set<Device>();
  readonly visited = new Set<Person>();

  constructor(private readonly random: Random) {}

  newcomer(): Person {
    this.joined += 1;
    return new Person(this.joined);
  }

  add(person: Person): void {
    this.people.push(person);
    if (this.people.length > ACTIVE) this.people.shift();
  }

  leave(person: Person): void {
    const at = this.people.indexOf(person);
    if (at >= 0) this.people.splice(at, 1);
  }

  everybody(): readonly Person[] {
    return this.people;
  }

  /** Its session has ended: it is tried again later. */
  bury(device: Device): void {
    device.state = 'ended';
    const { devices } = device.person;
    if (devices.includes(device)) devices.splice(devices.indexOf(device), 1);
    this.graveyard.push(device);
  }

  /** Every session is lost, and nobody takes it up again. */
  forgetDevices(): void {
    for (const person of this.people) person.devices.length = 0;
    this.touched.clear();
  }

  person(): Person | undefined {
    return this.random.oneOf(this.people.filter(({ isFree, isRegistered }) => isFree && isRegistered));
  }

  device(): Device | undefined {
    const person = this.random.oneOf(this.people.filter(({ isFree, devices }) => isFree && devices.some(isLive)));
    return this.random.oneOf(person?.devices.filter(isLive) ?? []);
  }
}

export function isLive({ state }: Device): boolean {
  return state === 'live';
}
