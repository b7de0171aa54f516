import { type SessionEvent } from './feed-event.js';
import { type AccessTokenClaims } from './rules/access-token.js';
import { type Clock } from './rules/clock.js';

/** Beyond the window the backend named, for clocks that differ. */
const MARGIN_MS = 60_000;

/**
 * Which sessions are known to have ended. Asked for every credential, cached or fresh, so that nothing that was on its way while a
 * session ended can bring it back. Knowing is for good: whatever becomes of the feed, what it said stays true.
 */
export class Revocations {
  // Both in the order they were heard of, by the monotonic clock: the wall clock could jump and make us forget too early.
  private readonly sessions = new Map<string, number>();
  private readonly users = new Map<string, { notBefore: number; heardAt: number }>();
  private keepMs = Infinity;

  constructor(private readonly clock: Clock) {}

  apply(event: SessionEvent): void {
    const heardAt = this.clock.now().monotonic;
    if (event.type === 'session-revoked') {
      this.sessions.delete(event.sid);
      this.sessions.set(event.sid, heardAt);
    } else {
      const notBefore = Math.max(event.notBefore, this.users.get(event.sub)?.notBefore ?? 0);
      this.users.delete(event.sub);
      this.users.set(event.sub, { notBefore, heardAt });
    }
  }

  /**
   * A token carries whole seconds, `notBefore` has milliseconds. A session of the very second of `notBefore` may have begun before
   * or after it - the new one of a password change does so right after - and counts as after. Nothing slips through: the sessions
   * that the backend ends are also sent one by one, so `notBefore` is the belt beside those braces.
   */
  haveEnded({ sid, sub, authTime }: Pick<AccessTokenClaims, 'sid' | 'sub' | 'authTime'>): boolean {
    if (this.sessions.has(sid)) return true;
    const user = this.users.get(sub);
    return user !== undefined && authTime < Math.floor(user.notBefore / 1000);
  }

  /** No token outlives the window in which its session ended, so neither need its entry. */
  keepFor(windowSeconds: number): void {
    this.keepMs = windowSeconds * 1000 + MARGIN_MS;
  }

  forgetOld(): void {
    const before = this.clock.now().monotonic - this.keepMs;
    for (const [sid, heardAt] of this.sessions) {
      if (heardAt >= before) break;
      this.sessions.delete(sid);
    }
    for (const [sub, { heardAt }] of this.users) {
      if (heardAt >= before) break;
      this.users.delete(sub);
    }
  }

  get size(): number {
    return this.sessions.size + this.users.size;
  }
}
