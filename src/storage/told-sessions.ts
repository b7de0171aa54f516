import type { AuthMode } from '../core/credential.js';
import type { Origin } from '../core/origin.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Cause, Session } from '../sessions/session.js';
import {
  type EndedPage,
  type Ending,
  type Endings,
  type NewSession,
  type Opening,
  SessionStore,
  type SessionState,
  type Swept,
} from '../sessions/session.store.js';
import { ToldAfter } from './told-after.js';

/** A session store that tells nobody of its acts: they are told directly after. */
export class ToldSessions extends SessionStore {
  private readonly told: ToldAfter;

  constructor(
    private readonly sessions: SessionStore,
    audit: AuditTrail,
  ) {
    super();
    this.told = new ToldAfter(audit);
  }

  async open(session: NewSession, origin: Origin): Promise<Opening> {
    const opening = this.told.evictions(await this.sessions.open(session, origin), session, origin);
    return this.told.opened(opening, session, origin);
  }

  find(sessionId: string): Promise<SessionState> {
    return this.sessions.find(sessionId);
  }

  touch(sessionId: string): Promise<void> {
    return this.sessions.touch(sessionId);
  }

  list(userId: string): Promise<Session[]> {
    return this.sessions.list(userId);
  }

  async end(userId: string, sessionId: string, cause: Cause): Promise<Ending | null> {
    return this.told.ending(await this.sessions.end(userId, sessionId, cause), cause);
  }

  async endOthers(userId: string, keepId: string | null, cause: Cause): Promise<Endings> {
    return this.told.endings(await this.sessions.endOthers(userId, keepId, cause), userId, cause);
  }

  async endOlder(userId: string, authEpoch: number, cause: Cause): Promise<Endings> {
    return this.told.endings(await this.sessions.endOlder(userId, authEpoch, cause), userId, cause);
  }

  endedSince(since: Date, limit: number): Promise<EndedPage> {
    return this.sessions.endedSince(since, limit);
  }

  countByMode(): Promise<Record<AuthMode, number>> {
    return this.sessions.countByMode();
  }

  sweep(batch: number): Promise<Swept> {
    return this.sessions.sweep(batch);
  }

  ping(): Promise<void> {
    return this.sessions.ping();
  }
}
