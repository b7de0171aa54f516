import type { Origin } from '../../core/origin.js';
import type { AuditTrail } from '../../audit/audit-trail.js';
import { ROTATIONS } from '../../limits/limit.js';
import type { Cause } from '../../sessions/session.js';
import type { Ending } from '../../sessions/session.store.js';
import {
  type Rotation,
  type RotationResult,
  TokenStore,
  type TokenRefusal,
  type TokenUse,
} from '../../sessions/token.store.js';
import { ToldAfter } from '../told-after.js';
import { type MemorySession, stateOf, toHolder } from './memory-session.js';
import type { MemorySessions } from './memory-sessions.js';
import { type MemoryToken, type Worth, worthOf } from './memory-token.js';

type Judged =
  { readonly worth: 'current' | 'predecessor'; readonly token: MemoryToken } | { readonly refusal: TokenRefusal };

export class MemoryTokenStore extends TokenStore {
  private readonly told: ToldAfter;

  constructor(
    private readonly state: MemorySessions,
    audit: AuditTrail,
  ) {
    super();
    this.told = new ToldAfter(audit);
  }

  async use(digest: Buffer, origin: Origin): Promise<TokenUse> {
    const judged = this.judge(digest);
    if ('refusal' in judged) return this.told.refusal(judged.refusal, origin);
    const { session } = judged.token;
    this.state.touch(session);
    return { verdict: 'held', holder: toHolder(session) };
  }

  async rotate(rotation: Rotation, origin: Origin): Promise<RotationResult> {
    const judged = this.judge(rotation.digest);
    if ('refusal' in judged) return this.told.refusal(judged.refusal, origin);
    const { session } = judged.token;
    const retryAfterMs = judged.worth === 'current' ? this.waitForRotation(session) : 0;
    if (retryAfterMs > 0) return { verdict: 'too_fast', sessionId: session.id, userId: session.userId, retryAfterMs };
    if (judged.worth === 'current') this.replace(judged.token, rotation);
    const verdict = judged.worth === 'current' ? 'rotated' : 'replayed';
    return { verdict, holder: toHolder(session), salt: session.salt! };
  }

  async endBy(digest: Buffer, cause: Cause): Promise<Ending | null> {
    const session = this.state.token(digest)?.session;
    return session ? this.told.ending(this.state.end(session, cause.reason), cause) : null;
  }

  private judge(digest: Buffer): Judged {
    const token = this.state.token(digest);
    if (!token) return { refusal: { verdict: 'unknown' } };
    const worth = this.worthNow(token);
    if (worth === 'current' || worth === 'predecessor') return { worth, token };
    if (worth === 'reused') this.state.end(token.session, 'token_reused');
    return { refusal: { verdict: worth, sessionId: token.session.id, userId: token.session.userId } };
  }

  private worthNow(token: MemoryToken): Worth | 'expired' | 'revoked' {
    const now = this.state.now();
    const state = stateOf(token.session, now);
    return state === 'live' ? worthOf(token, now, this.state.policy.graceSeconds * 1000) : state;
  }

  /** As many rotations back as may be, a token must have been replaced longer ago than the window. Milliseconds. */
  private waitForRotation(session: MemorySession): number {
    if (!this.state.policy.rotationsAreLimited) return 0;
    const replacedAt = this.state.tokens.replacedAt(session, session.generation - ROTATIONS.quota);
    return replacedAt === null ? 0 : replacedAt + ROTATIONS.seconds * 1000 - this.state.now();
  }

  private replace(token: MemoryToken, rotation: Rotation): void {
    const { session } = token;
    this.state.refuseTwins(null, rotation.successorDigest);
    session.generation += 1;
    token.replacedAt = session.rotatedAt = this.state.now();
    this.state.tokens.add(session, rotation.successorDigest, this.state.now());
    session.salt = rotation.salt;
    session.mode = rotation.mode;
    session.transport = rotation.transport;
    this.state.extend(session);
  }
}
