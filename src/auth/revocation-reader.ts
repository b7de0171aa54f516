import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { EndedSessions } from '../sessions/ended-sessions.js';
import { type EndedSession, SessionStore } from '../sessions/session.store.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type ChangedUser, UserStore } from '../users/user.store.js';
import { type RevocationEvent, RevocationWindow, WINDOW_MS } from './revocation-window.js';

/** Commits become visible out of order, so each reading reaches back this far. */
const OVERLAP_MS = 10_000;
/** Of two instances that differ from the store by no more than this, each still believes the times in the other's tokens. */
const MAX_SKEW_MS = 1_500;
/** Sessions may begin by another store's clock than that of the users, and one that a change left alive must not be hit. */
const NOT_BEFORE_SLACK_MS = 10_000;
const PAGE = 1000;
/** Later than any store's time: who begins there is told what time it is. */
const NOT_YET = new Date('9999-01-01');

/** This instance's clock and a store's differ too much. */
export class ClockSkewError extends Error {}

interface Page {
  /** Of its entries, ascending. */
  readonly times: readonly Date[];
  /** The store's clock when it was asked. */
  readonly asOf: Date;
}

/**
 * Asks the stores what has ended since it last did: `EndedSessions` and `RevocationWindow` learn of it, and the sessions of users
 * who were changed by another process are ended. What was read before does no harm when it is read again.
 */
@Injectable()
export class RevocationReader {
  private sessionsSince = NOT_YET;
  private usersSince = NOT_YET;
  private isSkewed = false;
  private readonly epochs = new Map<string, { authEpoch: number; at: number }>();

  constructor(
    private readonly ended: EndedSessions,
    private readonly store: SessionStore,
    private readonly sessions: SessionsService,
    private readonly users: UserStore,
    private readonly window: RevocationWindow,
    private readonly clock: Clock,
  ) {}

  /** One at a time. Throws `UnavailableError`, and `ClockSkewError` after all was read. */
  async read(): Promise<void> {
    this.isSkewed = false;
    this.sessionsSince = await this.readOn(this.sessionsSince, (since, limit) => this.sessionsPage(since, limit));
    this.usersSince = await this.readOn(this.usersSince, (since, limit) => this.usersPage(since, limit));
    if (this.isSkewed) throw new ClockSkewError('The clocks of this instance and of the store differ too much');
  }

  /** Everything recent once more, for what a database held up in its commit for longer than the overlap. Throws `UnavailableError`. */
  async readAgain(): Promise<void> {
    await this.readOn(NOT_YET, (since, limit) => this.sessionsPage(since, limit));
    await this.readOn(NOT_YET, (since, limit) => this.usersPage(since, limit));
    for (const [userId, { at }] of this.epochs) {
      if (performance.now() - at > WINDOW_MS) this.epochs.delete(userId);
    }
  }

  /** Reads page after page until one is not full. Returns where the next reading begins, whatever came in between. */
  private async readOn(from: Date, readPage: (since: Date, limit: number) => Promise<Page>): Promise<Date> {
    let since = from;
    let next: Date | null = null;
    for (let limit = PAGE; ;) {
      const askedAt = this.clock.now();
      const { times, asOf } = await readPage(since, limit);
      const isBehind = asOf.getTime() < askedAt - MAX_SKEW_MS;
      this.isSkewed ||= isBehind || asOf.getTime() > this.clock.now() + MAX_SKEW_MS;
      // The first time, and after the store's clock was set back.
      if (since > asOf) {
        since = before(asOf, WINDOW_MS);
        continue;
      }
      next ??= before(asOf, OVERLAP_MS);
      const last = times.at(-1);
      if (!last || times.length < limit) return next;
      // A page of one single moment would be read for ever.
      if (last > since) since = last;
      else limit *= 2;
    }
  }

  private async sessionsPage(since: Date, limit: number): Promise<Page> {
    const { ended, asOf } = await this.store.endedSince(since, limit);
    this.ended.add(ended.map(({ sessionId }) => sessionId));
    this.window.add('session-revoked', ended.map(sessionRevoked), asOf);
    return { times: ended.map(({ endedAt }) => endedAt), asOf };
  }

  private async usersPage(since: Date, limit: number): Promise<Page> {
    const { changed, asOf } = await this.users.changedSince(since, limit);
    for (const { userId, authEpoch } of changed) {
      if (this.epochs.get(userId)?.authEpoch === authEpoch) continue;
      await this.sessions.endOlder(userId, authEpoch);
      this.epochs.set(userId, { authEpoch, at: performance.now() });
    }
    this.window.add('user-not-before', changed.map(userNotBefore), asOf);
    return { times: changed.map(({ changedAt }) => changedAt), asOf };
  }
}

function before(time: Date, ms: number): Date {
  return new Date(time.getTime() - ms);
}

function sessionRevoked({ sessionId: sid, endedAt }: EndedSession): RevocationEvent {
  return { type: 'session-revoked', sid, at: endedAt.getTime() };
}

function userNotBefore({ userId: sub, changedAt }: ChangedUser): RevocationEvent {
  return { type: 'user-not-before', sub, notBefore: changedAt.getTime() - NOT_BEFORE_SLACK_MS };
}
