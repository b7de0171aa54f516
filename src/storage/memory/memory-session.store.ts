import type { AuthMode } from '../../core/credential.js';
import type { EndReason, Session } from '../../sessions/session.js';
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
import type { UserStore } from '../../users/user.store.js';
import { checkEpoch } from '../epoch-check.js';
import { type MemorySession, stateOf, toHolder, toSession } from './memory-session.js';
import type { MemorySessions } from './memory-sessions.js';

/** Sessions in the memory of one process: for tests and demonstrations. They end with it. */
export class MemorySessionStore extends SessionStore {
  constructor(
    private readonly state: MemorySessions,
    private readonly users: UserStore,
  ) {
    super();
  }

  async open(session: NewSession): Promise<Opening> {
    const opening = this.openByLimit(session);
    return checkEpoch(opening, session, this.users, () => this.end(session.userId, session.id, 'user_changed'));
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

  async end(userId: string, sessionId: string, reason: EndReason): Promise<Ending | null> {
    const session = this.state.find(sessionId);
    return session?.userId === userId ? this.state.end(session, reason) : null;
  }

  async endOthers(userId: string, keepId: string | null, reason: EndReason): Promise<Endings> {
    return this.endWhere(userId, (session) => session.id !== keepId, reason);
  }

  async endOlder(userId: string, authEpoch: number, reason: EndReason): Promise<Endings> {
    return this.endWhere(userId, (session) => session.authEpoch < authEpoch, reason);
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

  private endWhere(userId: string, condition: (session: MemorySession) => boolean, reason: EndReason): Endings {
    const over = this.state.overOf(userId).map(({ id }) => id);
    const ending = this.state.liveOf(userId).filter(condition);
    for (const session of ending) this.state.end(session, reason);
    return { ended: ending.map(({ id }) => id), over };
  }
}
