import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { EndedSessions } from '../sessions/ended-sessions.js';
import { type EndedSession, SessionStore } from '../sessions/session.store.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type ChangedUser, UserStore } from '../users/user.store.js';
import { type RevocationEvent, RevocationWindow, WINDOW_MS } from './revocation-window.js';

/** Commits become visible out of order, so each reading reaches back this far. */
const OVERLAP_MS = 10_000;
const PAGE = 1000;

/**
 * Asks the stores what has ended since it last did: `EndedSessions` and `RevocationWindow` learn of it, and the sessions of users
 * who were changed by another process are ended. What was read before does no harm when it is read again.
 */
@Injectable()
export class RevocationReader {
  private sessionsSince: Date;
  private usersSince: Date;
  private readonly epochs = new Map<string, number>();

  constructor(
    private readonly ended: EndedSessions,
    private readonly store: SessionStore,
    private readonly sessions: SessionsService,
    private readonly users: UserStore,
    private readonly window: RevocationWindow,
    clock: Clock,
  ) {
    this.sessionsSince = new Date(clock.now() - WINDOW_MS);
    this.usersSince = this.sessionsSince;
  }

  /** One at a time. Throws `UnavailableError`. */
  async read(): Promise<void> {
    await this.readSessions();
    await this.readUsers();
  }

  private async readSessions(): Promise<void> {
    this.sessionsSince = await readOn(this.sessionsSince, async (since, limit) => {
      const { ended, asOf } = await this.store.endedSince(since, limit);
      this.ended.add(ended.map(({ sessionId }) => sessionId));
      this.window.add(ended.map(sessionRevoked), asOf);
      return { times: ended.map(({ endedAt }) => endedAt), asOf };
    });
  }

  private async readUsers(): Promise<void> {
    this.usersSince = await readOn(this.usersSince, async (since, limit) => {
      const { changed, asOf } = await this.users.changedSince(since, limit);
      for (const { userId, authEpoch } of changed) {
        if (this.epochs.get(userId) === authEpoch) continue;
        await this.sessions.endOlder(userId, authEpoch);
        this.epochs.set(userId, authEpoch);
      }
      if (changed.length === 0) this.epochs.clear();
      this.window.add(changed.map(userNotBefore), asOf);
      return { times: changed.map(({ changedAt }) => changedAt), asOf };
    });
  }
}

/** Reads page after page until one is not full. Returns where the next reading begins: at the overlap before the store's own clock. */
async function readOn(
  from: Date,
  page: (since: Date, limit: number) => Promise<{ times: Date[]; asOf: Date }>,
): Promise<Date> {
  let since = from;
  for (let limit = PAGE; ;) {
    const { times, asOf } = await page(since, limit);
    const last = times.at(-1);
    if (!last || times.length < limit) return new Date(Math.max(since.getTime(), asOf.getTime() - OVERLAP_MS));
    // A page of one single moment would be read for ever.
    if (last > since) since = last;
    else limit *= 2;
  }
}

function sessionRevoked({ sessionId: sid, endedAt }: EndedSession): RevocationEvent {
  return { type: 'session-revoked', sid, at: endedAt.getTime() };
}

function userNotBefore({ userId: sub, changedAt }: ChangedUser): RevocationEvent {
  return { type: 'user-not-before', sub, notBefore: changedAt.getTime() };
}
