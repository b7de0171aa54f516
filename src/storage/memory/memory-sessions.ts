import type { Clock } from '../../core/clock.js';
import { DEAD_REMEMBERED_MS, ENDED_LATELY_MS } from '../../sessions/retention.js';
import { type SessionPolicy, touchIntervalMs } from '../../sessions/session-policy.options.js';
import type { EndReason } from '../../sessions/session.js';
import type { Ending, NewSession } from '../../sessions/session.store.js';
import { forgetOldSalt, type MemorySession, newMemorySession, runsOutAt, stateOf } from './memory-session.js';
import type { MemoryToken } from './memory-token.js';
import { MemoryTokens } from './memory-tokens.js';

/** Below this many sessions nothing is forgotten without being asked to. */
const CROWD = 1_000;

/**
 * The sessions and their tokens, in this process alone. No method waits for anything, so each is one whole act. The two
 * stores share it.
 */
export class MemorySessions {
  private readonly sessions = new Map<string, MemorySession>();
  private readonly byUser = new Map<string, Set<MemorySession>>();
  readonly tokens: MemoryTokens;
  /** Those that were ended, in the order in which they were. */
  private ended: MemorySession[] = [];
  private crowd = CROWD;

  constructor(
    private readonly clock: Clock,
    readonly policy: SessionPolicy,
  ) {
    this.tokens = new MemoryTokens(policy.graceSeconds * 1000);
  }

  now(): number {
    return this.clock.now().wall;
  }

  /** Makes room by the device limit. Null when there is none to be made. */
  makeRoom(userId: string, authEpoch: number): MemorySession[] | null {
    const ofEpoch = this.liveOf(userId).filter((session) => session.authEpoch === authEpoch);
    const live = ofEpoch.sort(leastRecentlyUsedFirst);
    const surplus = live.length - this.policy.maxPerUser + 1;
    if (surplus <= 0) return [];
    if (this.policy.limitPolicy === 'reject') return null;
    const evicted = live.slice(0, surplus);
    for (const session of evicted) this.end(session, 'evicted');
    return evicted;
  }

  add(session: NewSession): MemorySession {
    this.forgetInACrowd();
    const { idleSeconds, absoluteSeconds } = this.policy;
    const added = newMemorySession(session, this.now(), idleSeconds * 1000, absoluteSeconds * 1000);
    this.tokens.add(added, session.tokenDigest, this.now());
    this.sessions.set(added.id, added);
    this.byUser.set(added.userId, (this.byUser.get(added.userId) ?? new Set()).add(added));
    return added;
  }

  /** Throws rather than let a session or a token replace one that is there. */
  refuseTwins(sessionId: string | null, digest: Buffer): void {
    const taken = this.tokens.has(digest) || (sessionId !== null && this.sessions.has(sessionId));
    if (taken) throw new Error('There is a session with this id, or a token with this digest, already');
  }

  /** Undefined when there is none, or when it has been dead for longer than is remembered. */
  find(sessionId: string): MemorySession | undefined {
    const session = this.sessions.get(sessionId);
    return session && !this.isForgotten(session) ? session : undefined;
  }

  token(digest: Buffer): MemoryToken | undefined {
    const token = this.tokens.find(digest, this.now());
    return token && !this.isForgotten(token.session) ? token : undefined;
  }

  live(): MemorySession[] {
    return [...this.sessions.values()].filter((session) => this.isLive(session));
  }

  liveOf(userId: string): MemorySession[] {
    return [...(this.byUser.get(userId) ?? [])].filter((session) => this.isLive(session));
  }

  isLive(session: MemorySession): boolean {
    return stateOf(session, this.now()) === 'live';
  }

  /** Counts a use. A dead session stays dead, and the absolute end stays where it is. */
  extend(session: MemorySession): void {
    if (!this.isLive(session)) return;
    session.lastSeenAt = this.now();
    session.idleExpiresAt = Math.min(this.now() + this.policy.idleSeconds * 1000, session.expiresAt);
  }

  touch(session: MemorySession): void {
    if (this.now() - session.lastSeenAt < touchIntervalMs(this.policy) || !this.isLive(session)) return;
    forgetOldSalt(session, this.now(), this.policy.graceSeconds * 1000);
    this.extend(session);
  }

  /** The user's sessions that were ended lately. */
  overOf(userId: string): MemorySession[] {
    const since = this.now() - ENDED_LATELY_MS;
    return [...(this.byUser.get(userId) ?? [])].filter(({ endedAt }) => endedAt !== null && endedAt >= since);
  }

  /** Ends a session if it lives; says what became of it. */
  end(session: MemorySession, reason: EndReason): Ending {
    const { id: sessionId, userId } = session;
    const state = stateOf(session, this.now());
    if (state !== 'live') return { sessionId, userId, outcome: state };
    session.endedAt = this.now();
    session.endReason = reason;
    this.ended.push(session);
    return { sessionId, userId, outcome: 'ended' };
  }

  endedSince(since: number, limit: number): MemorySession[] {
    return this.ended.filter((session) => session.endedAt! >= since && !this.isForgotten(session)).slice(0, limit);
  }

  /** Forgets up to `batch` sessions that have been dead for longer than a day, and their tokens. */
  forget(batch: number): number {
    const old = [...this.sessions.values()].filter((session) => this.isForgotten(session)).slice(0, batch);
    for (const session of old) {
      this.sessions.delete(session.id);
      this.tokens.deleteAll(session);
      const others = this.byUser.get(session.userId);
      others?.delete(session);
      if (others?.size === 0) this.byUser.delete(session.userId);
    }
    this.ended = this.ended.filter((session) => !this.isForgotten(session));
    return old.length;
  }

  /** Looks once per doubling, so that its cost for each session opened stays the same. */
  private forgetInACrowd(): void {
    if (this.sessions.size < this.crowd) return;
    this.forget(Infinity);
    this.crowd = Math.max(CROWD, 2 * this.sessions.size);
  }

  private isForgotten(session: MemorySession): boolean {
    return this.now() >= (session.endedAt ?? runsOutAt(session)) + DEAD_REMEMBERED_MS;
  }
}

function leastRecentlyUsedFirst(a: MemorySession, b: MemorySession): number {
  return a.lastSeenAt - b.lastSeenAt || (a.id < b.id ? -1 : 1);
}
