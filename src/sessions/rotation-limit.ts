import { Injectable } from '@nestjs/common';
import type { Origin } from '../core/origin.js';
import { ROTATIONS } from '../limits/limit.js';
import { Limiter } from '../limits/limiter.js';
import type { TooFast } from './token.store.js';

/** Refuses the rotations that a store has found to come too fast. */
@Injectable()
export class RotationLimit {
  constructor(private readonly limiter: Limiter) {}

  /** Throws `rate_limited`. */
  async refuse({ sessionId, userId, retryAfterMs }: TooFast, origin: Origin): Promise<never> {
    const bucket = { limit: 'refresh-session', subject: sessionId } as const;
    return this.limiter.refuse([{ bucket, window: ROTATIONS, waitMs: retryAfterMs }], origin, { userId, sessionId });
  }
}
