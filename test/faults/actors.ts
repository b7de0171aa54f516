import type { Reply } from '../support/client.js';
import { Crowd, Device, isLive, longLived, type Person } from './crowd.js';
import { type Act, digest, type Kind, type Ledger, type Wish } from './ledger.js';
import type { Random } from './random.js';
import type { Site } from './site.js';

/** As many registers as any machine can hash in the time that a request may wait. */
const AT_ONCE = 4;

type Wanted = Omit<Wish, 'instance' | 'user'>;

/** What the people of the load do, each act written into the ledger. */
export class Actors {
  readonly crowd: Crowd;
  /** Every unsafe request is sent twice at once, as a link that repeats does. */
  isRepeating = false;

  constructor(
    readonly site: Site,
    readonly ledger: Ledger,
    readonly random: Random,
  ) {
    this.crowd = new Crowd(random);
  }

  /** Until there are so many people who are logged in on two devices. */
  async gather(count: number): Promise<void> {
    while (this.crowd.everybody().length < count) {
      const newcomers = Array.from({ length: AT_ONCE }, () => this.crowd.newcomer());
      await Promise.all(newcomers.map((person) => this.register(performance.now(), person)));
    }
    for (const person of this.crowd.everybody())
      if (!person.devices.some(isLive))
        await Promise.all([1, 2].map(() => this.login(person, person.password, performance.now())));
  }

  async act(kind: Kind, plannedAt: number): Promise<void> {
    if (kind === 'register') return this.register(plannedAt);
    const person = this.crowd.person();
    if (kind === 'login') return person && void (await this.login(person, person.password, plannedAt));
    const device = this.crowd.device();
    if (!device) return;
    if (kind === 'use') return void (await this.use(device, this.instance(), plannedAt));
    if (kind === 'refresh') return this.refreshes(device, plannedAt);
    if (kind === 'logout') return this.logout(device, plannedAt);
    if (kind === 'endDevice') return this.endDevice(device, plannedAt);
    if (kind === 'endOthers') return this.endOthers(device, plannedAt);
    return this.password(device, plannedAt);
  }

  async register(plannedAt: number, person = this.crowd.newcomer()): Promise<void> {
    const { password } = person;
    this.crowd.visited.add(person);
    await this.repeated(async () => {
      const instance = this.instance();
      const send = (): Promise<Reply> =>
        person.newClient(this.site.url(instance), 'bearer').send('POST', '/auth/register', {
          body: { email: person.email, password },
        });
      const { act } = await this.ledger.write(
        { kind: 'register', instance, user: person.email, password },
        plannedAt,
        send,
      );
      if (act.outcome === 'done' && !person.isRegistered) {
        person.isRegistered = true;
        this.crowd.add(person);
      }
    });
  }

  async login(person: Person, password: string, plannedAt: number): Promise<Act> {
    const instance = this.instance();
    const client = person.newClient(this.site.url(instance), this.random.next() < 0.5 ? 'cookie' : 'bearer');
    const wish: Wish = { kind: 'login', instance, user: person.email, password };
    const { act, reply } = await this.ledger.write(wish, plannedAt, () => client.login(password));
    if (reply) this.arrived(new Device(act.begun!, person, client));
    return act;
  }

  /** Half of the time on the route that asks the guard alone, else where the session is read. */
  async use(device: Device, instance: number, plannedAt: number, path?: string): Promise<Act> {
    const route = path ?? (this.random.next() < 0.6 ? '/users/nobody' : '/auth/me');
    const client = device.at(this.site.url(instance));
    return (await this.write(device, instance, { kind: 'use' }, plannedAt, () => client.as('GET', route))).act;
  }

  async refresh(device: Device, instance: number, plannedAt: number): Promise<Act> {
    const client = device.at(this.site.url(instance));
    const wanted: Wanted = { kind: 'refresh', presented: digest(longLived(client)) };
    const { act, reply } = await this.write(device, instance, wanted, plannedAt, () => client.refresh());
    if (reply) {
      device.client.held = client.held;
      act.handed = digest(longLived(client));
    }
    return act;
  }

  private async refreshes(device: Device, plannedAt: number): Promise<void> {
    if (device.isRefreshing) return void (await this.use(device, this.instance(), plannedAt));
    device.isRefreshing = true;
    const tabs = this.isRepeating || this.random.next() < 0.2 ? [1, 2] : [1];
    await Promise.all(tabs.map(() => this.refresh(device, this.instance(), plannedAt)));
    device.isRefreshing = false;
  }

  private async logout(device: Device, plannedAt: number): Promise<void> {
    device.state = 'doubtful';
    await this.repeated(async () => {
      const instance = this.instance();
      const client = device.at(this.site.url(instance));
      const { act } = await this.write(device, instance, { kind: 'logout' }, plannedAt, () => client.logout());
      if (act.outcome === 'done') this.crowd.bury(device);
    });
  }

  private async endDevice(device: Device, plannedAt: number): Promise<void> {
    const target = this.random.oneOf(device.person.devices.filter((other) => other !== device && isLive(other)));
    if (!target) return void (await this.use(device, this.instance(), plannedAt));
    target.state = 'doubtful';
    this.crowd.touched.add(target);
    await this.repeated(async () => {
      const instance = this.instance();
      const client = device.at(this.site.url(instance));
      const send = (): Promise<Reply> => client.as('DELETE', `/auth/sessions/${target.id}`);
      const { act } = await this.write(device, instance, { kind: 'endDevice', target: target.id }, plannedAt, send);
      if (act.outcome === 'done') this.crowd.bury(target);
    });
  }

  private async endOthers(device: Device, plannedAt: number): Promise<void> {
    const others = device.person.devices.filter((other) => other !== device && isLive(other));
    for (const other of others) {
      other.state = 'doubtful';
      this.crowd.touched.add(other);
    }
    const instance = this.instance();
    const client = device.at(this.site.url(instance));
    const send = (): Promise<Reply> => client.as('DELETE', '/auth/sessions');
    const { act } = await this.write(device, instance, { kind: 'endOthers' }, plannedAt, send);
    if (act.outcome === 'done') others.forEach((other) => this.crowd.bury(other));
    else this.crowd.leave(device.person);
  }

  private async password(device: Device, plannedAt: number): Promise<void> {
    const { person } = device;
    const [password, next] = [person.password, person.nextPassword()];
    person.isFree = false;
    const older = [...person.devices];
    for (const other of older) {
      other.state = 'doubtful';
      this.crowd.touched.add(other);
    }
    this.crowd.visited.add(person);
    await this.repeated(async () => {
      const instance = this.instance();
      const client = device.at(this.site.url(instance));
      const send = (): Promise<Reply> => client.changePassword(password, next);
      const wanted: Wanted = { kind: 'password', password, next };
      const { act, reply } = await this.write(device, instance, wanted, plannedAt, send);
      if (act.outcome === 'open') person.openChange ??= act;
      if (!reply) return;
      person.password = next;
      older.forEach((other) => this.crowd.bury(other));
      this.arrived(new Device(act.begun!, person, client));
    });
    if (person.openChange) this.crowd.leave(person);
    else person.isFree = true;
  }

  instance(): number {
    return this.random.oneOf(this.site.rotation)!;
  }

  private async repeated(send: () => Promise<void>): Promise<void> {
    await Promise.all(this.isRepeating ? [send(), send()] : [send()]);
  }

  private async write(device: Device, instance: number, wanted: Wanted, plannedAt: number, send: () => Promise<Reply>) {
    this.crowd.touched.add(device);
    const wish: Wish = { ...wanted, instance, user: device.person.email, session: device.id };
    return this.ledger.write(wish, plannedAt, send);
  }

  private arrived(device: Device): void {
    device.person.devices.push(device);
    this.crowd.touched.add(device);
  }
}
