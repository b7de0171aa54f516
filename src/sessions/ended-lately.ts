import { Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@sallyport/verify/rules';
import { Clock, LONG_AGO, type Moment } from '../core/clock.js';
import { Lately } from '../core/lately.js';
import { ENDED_LATELY_MS } from './retention.js';
import type { EndedSession } from './session.store.js';

/**
 * How long a session that was ended elsewhere may be let in here, whatever fails, in milliseconds: what the store has told is
 * taken for the whole truth for no longer than this, reckoned from before it was asked.
 */
export const REVOCATION_BOUND_MS = 1_000;

/**
 * A session that began this long before a change of its user may yet be the one of after it: who changes a password proves who
 * they are before the change is made. Milliseconds.
 */
const NOT_BEFORE_SLACK_MS = 10_000;

/** What an access token says of its session. */
export type NamedSession = Pick<AccessTokenClaims, 'sid' | 'sub' | 'authTime'>;

/** A session's end as the store has told it, and what the store's clock was when it did. */
export interface ToldEnd extends EndedSession {
  readonly asOf: Date;
}

/**
 * Which sessions have ended lately, and up to when that is known. An end is here for as long as an access token of the session
 * may live. It makes refusals quick; it is never the only one to know: the store is.
 */
@Injectable()
export class EndedLately {
  /** By session. Null: this instance knows, and the store has not told of it yet. */
  private readonly ended: Lately<ToldEnd | null>;
  /** By user: what they began before this is over, also what no store remembers. Seconds since 1970. */
  private readonly notBefore: Lately<number>;
  private upToDateAt: Moment = LONG_AGO;

  constructor(private readonly clock: Clock) {
    this.ended = new Lately(clock, ENDED_LATELY_MS);
    this.notBefore = new Lately(clock, ENDED_LATELY_MS);
  }

  has(sessionId: string): boolean {
    return this.ended.has(sessionId);
  }

  /** Whether this session is over here, by its own name or by that of its user. */
  covers({ sid, sub, authTime }: NamedSession): boolean {
    return this.has(sid) || authTime < (this.notBefore.get(sub) ?? 0);
  }

  /** From now on these are over here. For what this instance has ended, or was told by a store when it asked about them. */
  add(sessionIds: readonly string[]): void {
    for (const id of sessionIds) if (!this.ended.has(id)) this.ended.set(id, null);
  }

  /** From now on everything is over here that this user began before they were changed at `changedAt` (`StoreTime`). */
  addOlder(userId: string, changedAt: number): void {
    const notBefore = Math.floor(notBeforeOf(changedAt) / 1000);
    this.notBefore.set(userId, Math.max(notBefore, this.notBefore.get(userId) ?? 0));
  }

  /** Takes in a page of ends that the store told of at its time `asOf`; returns those that it had not told of before. */
  learn(page: readonly EndedSession[], asOf: Date): ToldEnd[] {
    const news = page.filter(({ sessionId }) => !this.ended.get(sessionId)).map((end) => ({ ...end, asOf }));
    for (const end of news) this.ended.set(end.sessionId, end);
    return news;
  }

  /** The ends that the store has told of, in the order in which it did. */
  told(): ToldEnd[] {
    return [...this.ended.all()].flatMap(([, end]) => end ?? []);
  }

  /** Says that the store was asked at `askedAt` and that all it told is here. */
  upToDate(askedAt: Moment): void {
    this.upToDateAt = askedAt;
  }

  /** Whether every end longer ago than `REVOCATION_BOUND_MS` is here. Also false after this process was held up. */
  get isUpToDate(): boolean {
    return this.clock.since(this.upToDateAt) < REVOCATION_BOUND_MS;
  }

  /** Whether what had ended before this instance started is here. */
  get isLoaded(): boolean {
    return this.upToDateAt !== LONG_AGO;
  }
}

/** Whatever a user began before this was over when they were changed. Milliseconds since 1970, as `changedAt`. */
export function notBeforeOf(changedAt: number): number {
  return changedAt - NOT_BEFORE_SLACK_MS;
}
