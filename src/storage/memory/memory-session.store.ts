import type { AuthMode } from '../../core/credential.js';
import type { Origin } from '../../core/origin.js';
import type { AuditTrail } from '../../audit/audit-trail.js';
import type { UserStore } from '../../users/user.store.js';
import type { Cause, Session } from '../../sessions/session.js';
import {
  type EndedPage,
  type Ending,
  type Endings,
  type NewSession,
  type Opening,
  SessionStore,
  type SessionState,
  type Swept,
} from '../../sessions/session.store.js';
import { checkEpoch } from '../epoch-check.js';
import { ToldAfter } from '../told-after.js';
import { type MemorySession, stateOf, toHolder, toSession } from './memory-session.js';
import type { MemorySessions } from './memory-sessions.js';

/** Sessions in the memory of one process: for tests and demonstrations. They end with it. */
export class MemorySessionStore extends SessionStore {
  private readonly told: ToldAfter;

  constructor(
    private readonly state: MemorySessions,
    private readonly users: UserStore,
    audit: AuditTrail,
  ) {
    super();
    this.told = new ToldAfter(audit);
  }

  async open(session: NewSession, origin: Origin): Promise<Opening> {
    const opening = this.told.evictions(this.openByLimit(session), session, origin);
    const end = async () => this.finish(session.userId, session.id, 'user_changed');
    return this.told.opened(await checkEpoch(opening, session, this.users, end), session, origin);
  }

  async find(sessionId: string): Promise<SessionState> {
    const session = this.state.find(sessionId);
    if (!session) return { state: 'unknown' };
    const state = stateOf(session, this.state.now());
    return state === 'live' ? { state, holder: toHolder(session) } : { state };
  }

  async touch(sessionId: string): Promise<void> {
    const session = this.state.find(sessionId);
    if (session) this.state.touch(session);
  }

  async list(userId: string): Promise<Session[]> {
    const live = this.state.liveOf(userId).sort((a, b) => b.lastSeenAt - a.lastSeenAt || (a.id < b.id ? 1 : -1));
    return live.map(toSession);
  }

  async end(userId: string, sessionId: string, cause: Cause): Promise<Ending | null> {
    return this.told.ending(this.finish(userId, sessionId, cause.reason), cause);
  }

  async endOthers(userId: string, keepId: string | null, cause: Cause): Promise<Endings> {
    return this.endWhere(userId, (session) => session.id !== keepId, cause);
  }

  async endOlder(userId: string, authEpoch: number, cause: Cause): Promise<Endings> {
    return this.endWhere(userId, (session) => session.authEpoch < authEpoch, cause);
  }

  async endedSince(since: Date, limit: number): Promise<EndedPage> {
    const ended = this.state.endedSince(since.getTime(), limit);
    return {
      ended: ended.map(({ id, endedAt }) => ({ sessionId: id, endedAt: new Date(endedAt!) })),
      asOf: new Date(this.state.now()),
    };
  }

  async countByMode(): Promise<Record<AuthMode, number>> {
    const counts = { session: 0, jwt: 0 };
    for (const { mode } of this.state.live()) counts[mode] += 1;
    return counts;
  }

  async sweep(batch: number): Promise<Swept> {
    const sessions = this.state.forget(batch);
    return { sessions, isDone: sessions < batch };
  }

  async ping(): Promise<void> {}

  private openByLimit(session: NewSession): Opening {
    this.state.refuseTwins(session.id, session.tokenDigest);
    const { userId, authEpoch } = session;
    // A session of a later epoch shows that the user was changed since this login's proof.
    if (this.state.liveOf(userId).some((other) => other.authEpoch > authEpoch)) return { outcome: 'user_changed' };
    const evicted = this.state.makeRoom(userId, authEpoch);
    if (!evicted) return { outcome: 'limit_reached' };
    const opened = toSession(this.state.add(session));
    return { outcome: 'opened', session: opened, evicted: evicted.map(({ id }) => id) };
  }

  private finish(userId: string, sessionId: string, reason: Cause['reason']): Ending | null {
    const session = this.state.find(sessionId);
    return session?.userId === userId ? this.state.end(session, reason) : null;
  }

  private endWhere(userId: string, condition: (session: MemorySession) => boolean, cause: Cause): Endings {
    const over = this.state.overOf(userId).map(({ id }) => id);
    const ending = this.state.liveOf(userId).filter(condition);
    for (const session of ending) this.state.end(session, cause.reason);
    return this.told.endings({ ended: ending.map(({ id }) => id), over }, userId, cause);
  }
}
