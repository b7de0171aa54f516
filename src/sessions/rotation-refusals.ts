import { Injectable } from '@nestjs/common';
import type { Origin } from '../core/origin.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { ROTATIONS } from '../limits/limit.js';
import { Limiter } from '../limits/limiter.js';
import { EndRecorder } from './end-recorder.js';
import { refusalOf } from './refusal.js';
import type { TokenRefusal, TooFast } from './token.store.js';

/** What follows from a rotation that a store has refused. */
@Injectable()
export class RotationRefusals {
  constructor(
    private readonly ends: EndRecorder,
    private readonly limiter: Limiter,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Throws the 401 that says what to do, and `rate_limited`. With `only`, `token_invalid` for a token of any other session: whoever
   * has come by such a token is told nothing of its session.
   */
  refuse(refused: TokenRefusal | TooFast, origin: Origin, only?: string): never {
    const session = refused.verdict === 'unknown' ? undefined : refused.sessionId;
    if (refused.verdict !== 'too_fast') this.ends.recordRefusal(refused);
    if (only !== undefined && session !== only) throw refusalOf('unknown');
    if (refused.verdict === 'too_fast') return this.tooFast(refused, origin);
    this.tell(refused, origin);
    throw refusalOf(refused.verdict);
  }

  private tooFast({ sessionId, userId, retryAfterMs }: TooFast, origin: Origin): never {
    const bucket = { limit: 'refresh-session', subject: sessionId } as const;
    return this.limiter.refuse([{ bucket, window: ROTATIONS, waitMs: retryAfterMs }], origin, { userId, sessionId });
  }

  /** A theft has been told of by the store that found it. */
  private tell(refusal: TokenRefusal, origin: Origin): void {
    if (refusal.verdict === 'unknown' || refusal.verdict === 'reused') return;
    const { verdict: reason, userId, sessionId } = refusal;
    this.audit.tell('authn_token_refresh_fail', { userId, sessionId, reason }, origin);
  }
}
