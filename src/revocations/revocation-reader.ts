import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { SERVICE } from '../core/origin.js';
import { StoreTime } from '../core/store-time.js';
import { EndedLately } from '../sessions/ended-lately.js';
import { ENDED_LATELY_MS } from '../sessions/retention.js';
import { SessionPolicy } from '../sessions/session-policy.options.js';
import { SessionStore } from '../sessions/session.store.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { StorageOptions } from '../storage/storage.options.js';
import { type ChangedUser, UserStore } from '../users/user.store.js';
import { ChangedUsers } from './changed-users.js';
import { RevocationWindow, sessionRevoked, userNotBefore } from './revocation-window.js';

/** Commits become visible out of order, so each reading reaches back this far. */
const READ_OVERLAP_MS = 10_000;
const PAGE = 1000;
/** Later than any store's time: who begins there is told what time it is. */
const NOT_YET = new Date('9999-01-01');

interface Page {
  /** Of its entries, ascending. */
  readonly times: readonly Date[];
  /** The store's clock when it was asked. */
  readonly asOf: Date;
}

type ReadPage = (since: Date, limit: number) => Promise<Page>;

/**
 * Asks the stores what has ended since it last did: `EndedLately` and `ChangedUsers` learn of it, followers are told, and the
 * sessions of users who were changed by another process are ended. What was read before does no harm when it is read again.
 * `StoreTime` learns what time it is from the same answers.
 */
@Injectable()
export class RevocationReader {
  private sessionsSince = NOT_YET;
  private usersSince = NOT_YET;
  /** How far back the users' changes are read when this instance starts, in milliseconds. */
  private readonly firstReachMs: number;

  constructor(
    private readonly ended: EndedLately,
    private readonly changed: ChangedUsers,
    private readonly store: SessionStore,
    private readonly sessions: SessionsService,
    private readonly users: UserStore,
    private readonly window: RevocationWindow,
    private readonly time: StoreTime,
    private readonly clock: Clock,
    { absoluteSeconds }: SessionPolicy,
    { sessionStore }: StorageOptions,
  ) {
    // Postgres asks for the user's epoch wherever it looks at a session. Another store is told of each change, and may have been
    // out of reach of whoever made it: such a change concerns every session that can still be alive.
    this.firstReachMs =
      sessionStore === 'postgres' ? ENDED_LATELY_MS : Math.max(absoluteSeconds * 1000, ENDED_LATELY_MS);
  }

  /** One at a time. Throws `UnavailableError`. */
  async read(): Promise<void> {
    const askedAt = this.clock.now();
    this.sessionsSince = await this.readOn(this.sessionsSince, ENDED_LATELY_MS, this.sessionsPage);
    const reachMs = this.usersSince === NOT_YET ? this.firstReachMs : ENDED_LATELY_MS;
    this.usersSince = await this.readOn(this.usersSince, reachMs, this.usersPage);
    this.ended.upToDate(askedAt);
  }

  /** Everything recent once more, for what a database held up in its commit for longer than the overlap. Throws `UnavailableError`. */
  async readAgain(): Promise<void> {
    await this.readOn(NOT_YET, ENDED_LATELY_MS, this.sessionsPage);
    await this.readOn(NOT_YET, ENDED_LATELY_MS, this.usersPage);
  }

  /** Reads page after page until a page is not full. Returns where the next reading begins, whatever came in between. */
  private async readOn(from: Date, reachMs: number, readPage: ReadPage): Promise<Date> {
    let since = from;
    let next: Date | null = null;
    for (let limit = PAGE; ;) {
      const { times, asOf } = await readPage(since, limit);
      // The first time, and after the store's clock was set back. Later pages may well lie ahead of that clock: their sessions
      // ended before it was set back, and each page goes on where the one before it stopped.
      if (!next && since > asOf) {
        since = before(asOf, reachMs);
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

  private readonly sessionsPage: ReadPage = async (since, limit) => {
    const askedAt = this.clock.now();
    const { ended, asOf } = await this.store.endedSince(since, limit);
    this.time.learn({ askedAt, asOf, heardAt: this.clock.now() });
    const news = this.ended.learn(ended, asOf);
    this.window.tell(news.map(sessionRevoked), { sessions: asOf.getTime() });
    return { times: ended.map(({ endedAt }) => endedAt), asOf };
  };

  private readonly usersPage: ReadPage = async (since, limit) => {
    const askedAt = this.time.now();
    const { changed, asOf } = await this.users.changedSince(since, limit);
    // The users' store may have another clock than that of the sessions; how long ago a change was is the same by both.
    const ahead = asOf.getTime() - askedAt;
    const news = changed.filter((change) => !this.changed.knows(change)).map((change) => movedBack(change, ahead));
    for (const change of news) {
      await this.sessions.endOlder(change.userId, change.authEpoch, SERVICE, change.changedAt.getTime());
      this.changed.learn(change, asOf);
    }
    this.window.tell(news.map(userNotBefore), { users: asOf.getTime() });
    return { times: changed.map(({ changedAt }) => changedAt), asOf };
  };
}

function movedBack(change: ChangedUser, ms: number): ChangedUser {
  return { ...change, changedAt: before(change.changedAt, ms) };
}

function before(time: Date, ms: number): Date {
  return new Date(time.getTime() - ms);
}
