import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, asRecord } from './ask.js';
import { type Backend } from './backend.js';
import { type VerifyLog } from './log.js';
import { type FeedEvent, readFeedEvent, readFeedPage } from './feed-event.js';
import { type Revocations } from './revocations.js';
import { isTime } from './rules/access-token.js';
import { type Clock, earlier, type Moment, shift } from './rules/clock.js';
import { type SigningKeys } from './signing-keys.js';
import { type ServerSentEvent, readServerSentEvents } from './server-sent-events.js';

/** How far behind the backend we may be and still judge alone. Also how long a stream may say nothing before it is given up. */
const HEALTHY_MS = 3_000;
/** The instance that is followed and the one that signed may differ too; all together stays within what a token is allowed. */
const MAX_SKEW_MS = 2_000;
const WATCH_EVERY_MS = 250;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Follows the backend's feed of ended sessions for as long as the service runs: one page of everything recent, then a stream from
 * where the page stopped, then the stream again from where it broke. Starting never waits for it; until it has caught up it is
 * simply not healthy.
 */
export class FeedFollower {
  private readonly stop = new AbortController();
  private link = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private cursor: string | null = null;
  private asOf: Moment | null = null;
  private failures = 0;

  constructor(
    private readonly backend: Backend,
    private readonly revocations: Revocations,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    private readonly log: VerifyLog,
  ) {}

  /** Whether everything that ended more than three seconds ago is known here. */
  healthy(): boolean {
    return this.asOf !== null && this.clock.since(this.asOf) <= HEALTHY_MS;
  }

  /** For how long it has not been healthy, in milliseconds; infinite when it never was. */
  lostForMs(): number {
    return this.asOf === null ? Infinity : Math.max(0, this.clock.since(this.asOf) - HEALTHY_MS);
  }

  /** Follows until `close`, whatever becomes of the connection. */
  start(): void {
    this.running = this.run();
  }

  async close(): Promise<void> {
    this.stop.abort();
    this.link.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      await this.follow().catch((error: unknown) => this.complain(error));
      const most = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
      this.failures += 1;
      // Jittered, so that a hundred services do not all come back to a restarted backend in one moment.
      await pause(most * (0.5 + Math.random() / 2), undefined, { signal: this.stop.signal, ref: false }).catch(
        () => undefined,
      );
    }
  }

  /** One connection, from asking to its end; always ends by throwing. */
  private async follow(): Promise<never> {
    this.cursor ??= await this.readPage();
    this.link = new AbortController();
    if (this.stop.signal.aborted) this.link.abort();
    const connection = { askedAt: this.clock.now(), heardAt: this.clock.now(), backendTime: null as Moment | null };
    const watch = setInterval(() => {
      const latest = connection.backendTime && this.asOf ? this.asOf : connection.heardAt;
      if (this.clock.since(latest) > HEALTHY_MS) this.link.abort(new Error('The stream fell silent, or behind.'));
    }, WATCH_EVERY_MS);
    try {
      const body = this.readAnswer(await this.backend.revocationStream(this.cursor, this.link.signal));
      for await (const message of readServerSentEvents(body)) {
        connection.heardAt = this.clock.now();
        const at = this.take(message);
        if (at === null) continue;
        // A backend whose clock jumps ahead would make a stream that is held back look new.
        if (at > connection.heardAt.wall + MAX_SKEW_MS) throw new ClockSkewError();
        // Only now is all before this cursor here: the events of one batch may all bear the batch's, and break off half-way.
        if (message.id) this.cursor = message.id;
        // When the backend's clock showed 0, at the earliest: its first heartbeat was sent after we asked. So a stream that a
        // proxy holds back for five seconds is seen to be five seconds behind, however regularly its heartbeats arrive.
        connection.backendTime ??= this.caughtUp(connection.askedAt, at);
        this.asOf = earlier(shift(connection.backendTime, at), connection.heardAt);
      }
      throw new Error('The stream ended.');
    } finally {
      clearInterval(watch);
      this.link.abort();
    }
  }

  private async readPage(): Promise<string> {
    const { status, json } = await this.backend.revocationPage();
    if (status !== 200) throw new Error(`The feed was answered with status ${status}.`);
    const { events, cursor, windowSeconds } = readFeedPage(json);
    this.revocations.keepFor(windowSeconds);
    for (const event of events) this.apply(event);
    return cursor;
  }

  private readAnswer({ status, headers, body }: Answer): AsyncIterable<Uint8Array> {
    // A cursor that is too old or means nothing to this backend: the next round starts with a page.
    if (status === 400) this.cursor = null;
    const isStream = status === 200 && headers['content-type']?.startsWith('text/event-stream');
    if (!isStream) throw new Error(`The feed was answered with status ${status}.`);
    return body;
  }

  /** The backend's time when it sent a heartbeat; null for an event, which says nothing about what else has been sent. */
  private take({ event, data }: ServerSentEvent): number | null {
    const json: unknown = JSON.parse(data);
    if (event === 'heartbeat') {
      const at = asRecord(json)?.at;
      if (!isTime(at)) throw new Error('The feed sent a heartbeat without its time.');
      this.revocations.forgetOld();
      return at;
    }
    const told = readFeedEvent(json);
    if (told) this.apply(told);
    return null;
  }

  private apply(event: FeedEvent): void {
    if (event.type === 'key-retired') this.keys.retire(event.kid);
    else this.revocations.apply(event);
  }

  /** The first heartbeat of a connection was sent after it was asked for. */
  private caughtUp(askedAt: Moment, at: number): Moment {
    if (at < askedAt.wall - MAX_SKEW_MS) throw new ClockSkewError();
    this.failures = 0;
    this.log.info('Following the feed of ended sessions.');
    return shift(askedAt, -at);
  }

  private complain(error: unknown): void {
    if (this.stop.signal.aborted || this.failures > 0) return;
    this.log.warn(
      `The feed of ended sessions was lost; credentials go to introspection until it is back. ${String(error)}`,
    );
  }
}

class ClockSkewError extends Error {
  constructor() {
    super('The clocks of this service and of the auth service differ by more than two seconds.');
  }
}
