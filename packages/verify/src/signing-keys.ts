import { type Backend } from './backend.js';
import { type VerifyLog } from './log.js';
import { readJwkSet, type SigningKey } from './jwk-set.js';
import { type Clock, type Moment } from './rules/clock.js';

/** At most one request in this time for a `kid` that is not in the set: anybody can invent one. */
const UNKNOWN_KID_MS = 30_000;
const AFTER_FAILURE_MS = 5_000;
/** The longest that a key set is kept. Once a set is as young as that, it is right about which keys there are. */
const MAX_AGE_SECONDS = 3_600;

/** The backend's public keys, kept for as long as it said they may be. */
export class SigningKeys {
  private keys: ReadonlyMap<string, SigningKey> = new Map();
  private maxAgeMs = 0;
  private readAt: Moment | null = null;
  private failedAt: Moment | null = null;
  private extraReadAt: Moment | null = null;
  private reading: Promise<void> | null = null;
  /** When the feed told last of each key that it is retired. */
  private readonly retired = new Map<string, Moment>();

  constructor(
    private readonly backend: Backend,
    private readonly clock: Clock,
    private readonly log: VerifyLog,
  ) {}

  /**
   * The key of that name; `unknown` when the backend has none; `ask` when there is no set to judge by, because it cannot be had or
   * is empty (a backend that signs with HS256 publishes nothing): the token is then for the backend to judge.
   */
  async find(kid: string): Promise<SigningKey | 'unknown' | 'ask'> {
    if (this.isRetired(kid)) return 'unknown';
    if (!this.isFresh()) await this.read();
    if (!this.isFresh() || this.keys.size === 0) return 'ask';
    const key = this.keys.get(kid);
    if (key) return key;
    await this.readForUnknownKid();
    // It may have been retired while we looked.
    if (this.isRetired(kid)) return 'unknown';
    return this.keys.get(kid) ?? (this.failedAt ? 'ask' : 'unknown');
  }

  /** The key of that name in the set that was read last, however long ago; undefined when it was not in it. */
  lastKnown(kid: string): SigningKey | undefined {
    return this.isRetired(kid) ? undefined : this.keys.get(kid);
  }

  /** From now on this key is none, whatever set it is in: another instance of the backend may still publish it for a moment. */
  retire(kid: string): void {
    this.retired.set(kid, this.clock.now());
  }

  private isRetired(kid: string): boolean {
    const toldAt = this.retired.get(kid);
    if (toldAt && this.clock.since(toldAt) <= MAX_AGE_SECONDS * 1000) return true;
    this.retired.delete(kid);
    return false;
  }

  private isFresh(): boolean {
    return this.readAt !== null && this.clock.since(this.readAt) <= this.maxAgeMs;
  }

  private async readForUnknownKid(): Promise<void> {
    const mayRead = !this.extraReadAt || this.clock.since(this.extraReadAt) > UNKNOWN_KID_MS;
    if (mayRead) {
      this.extraReadAt = this.clock.now();
      await this.read();
    } else {
      // Somebody else's look for a new key may be under way, and be about to find ours.
      await this.reading;
    }
  }

  private read(): Promise<void> {
    if (this.failedAt && this.clock.since(this.failedAt) <= AFTER_FAILURE_MS) return Promise.resolve();
    this.reading ??= this.fetch().finally(() => (this.reading = null));
    return this.reading;
  }

  private async fetch(): Promise<void> {
    const askedAt = this.clock.now();
    try {
      const { status, headers, json } = await this.backend.keySet();
      if (status !== 200) throw new Error(`The JWK set was answered with status ${status}.`);
      this.keys = readJwkSet(json);
      this.maxAgeMs = readMaxAgeMs(headers['cache-control']);
      this.readAt = askedAt;
      this.failedAt = null;
    } catch (error) {
      // The old keys stay until their time is up, and not a moment longer: a key is taken out of the set for a reason.
      this.failedAt = this.clock.now();
      this.log.warn(
        `The signing keys could not be read, so JWTs with a key not yet known go to introspection. ${String(error)}`,
      );
    }
  }
}

/** Between half a minute and an hour, five minutes when nothing is said. */
function readMaxAgeMs(cacheControl: string | undefined): number {
  const seconds = Number(/max-age=(\d{1,9})/.exec(cacheControl ?? '')?.[1] ?? 300);
  return Math.min(Math.max(seconds, 30), MAX_AGE_SECONDS) * 1000;
}
