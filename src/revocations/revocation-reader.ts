import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { SERVICE } from '../core/origin.js';
import { EndedLately } from '../sessions/ended-lately.js';
import { ENDED_LATELY_MS } from '../sessions/retention.js';
import { SessionStore } from '../sessions/session.store.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { UserStore } from '../users/user.store.js';
import { ChangedUsers } from './changed-users.js';
import { RevocationWindow, sessionRevoked, userNotBefore } from './revocation-window.js';

/** Commits become visible out of order, so each reading reaches back this far. */
const READ_OVERLAP_MS = 10_000;
/** Of two instances that differ from the store by no more than this, each still believes the times in the other's tokens. */
const MAX_SKEW_MS = 1_500;
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
 * Asks the stores what has ended since it last did: `EndedLately` and `ChangedUsers` learn of it, followers are told, and the
 * sessions of users who were changed by another process are ended. What was read before does no harm when it is read again.
 */
@Injectable()
export class RevocationReader {
  private sessionsSince = NOT_YET;
  private usersSince = NOT_YET;
  private isSkewed = false;

  constructor(
    private readonly ended: EndedLately,
    private readonly changed: ChangedUsers,
    private readonly store: SessionStore,
    private readonly sessions: SessionsService,
    private readonly users: UserStore,
    private readonly window: RevocationWindow,
    private readonly clock: Clock,
  ) {}

  /** One at a time. Throws `UnavailableError`, and `ClockSkewError` after all was read. */
  async read(): Promise<void> {
    const askedAt = this.clock.now();
    this.isSkewed = false;
    this.sessionsSince = await this.readOn(this.sessionsSince, (since, limit) => this.sessionsPage(since, limit));
    this.usersSince = await this.readOn(this.usersSince, (since, limit) => this.usersPage(since, limit));
    if (this.isSkewed) throw new ClockSkewError('The clocks of this instance and of the store differ too much');
    this.ended.upToDate(askedAt);
  }

  /** Everything recent once more, for what a database held up in its commit for longer than the overlap. Throws `UnavailableError`. */
  async readAgain(): Promise<void> {
    await this.readOn(NOT_YET, (since, limit) => this.sessionsPage(since, limit));
    await this.readOn(NOT_YET, (since, limit) => this.usersPage(since, limit));
  }

  /** Reads page after page until a page is not full. Returns where the next reading begins, whatever came in between. */
  private async readOn(from: Date, readPage: (since: Date, limit: number) => Promise<Page>): Promise<Date> {
    let since = from;
    let next: Date | null = null;
    for (let limit = PAGE; ;) {
      const asked = this.clock.now().wall;
      const { times, asOf } = await readPage(since, limit);
      const isBehind = asOf.getTime() < asked - MAX_SKEW_MS;
      this.isSkewed ||= isBehind || asOf.getTime() > this.clock.now().wall + MAX_SKEW_MS;
      // The first time, and after the store's clock was set back.
      if (since > asOf) {
        since = before(asOf, ENDED_LATELY_MS);
        continue;
      }
      next ??= before(asOf, READ_OVERLAP_MS);
      const last = times.at(-1);
      if (!last || times.length < limit) return next;
      // A page of one single moment would be read for ever.
      if (last > since) since = last;
      else limit *= 2;
    }
  }

  private async sessionsPage(since: Date, limit: number): Promise<Page> {
    const { ended, asOf } = await this.store.endedSince(since, limit);
    const news = this.ended.learn(ended, asOf);
    this.window.tell(news.map(sessionRevoked), { sessions: asOf.getTime() });
    return { times: ended.map(({ endedAt }) => endedAt), asOf };
  }

  private async usersPage(since: Date, limit: number): Promise<Page> {
    const { changed, asOf } = await this.users.changedSince(since, limit);
    const news = changed.filter((change) => !this.changed.knows(change));
    for (const change of news) {
      await this.sessions.endOlder(change.userId, change.authEpoch, SERVICE);
      this.changed.learn(change, asOf);
    }
    this.window.tell(news.map(userNotBefore), { users: asOf.getTime() });
    return { times: changed.map(({ changedAt }) => changedAt), asOf };
  }
}

function before(time: Date, ms: number): Date {
  return new Date(time.getTime() - ms);
}
