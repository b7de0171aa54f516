import type { AuditTrail } from '../audit/audit-trail.js';
import type { Origin } from '../core/origin.js';
import { type Cause, endEvent } from '../sessions/session.js';
import type { Ending, Endings, NewSession, Opening } from '../sessions/session.store.js';
import type { TokenRefusal } from '../sessions/token.store.js';

/** For stores that cannot write the audit trail in the act: what they did to sessions is told directly after it. */
export class ToldAfter {
  constructor(private readonly audit: AuditTrail) {}

  /** Gives back what it was told of, as all methods do. */
  opening(opening: Opening, { userId }: NewSession, origin: Origin): Opening {
    const { outcome } = opening;
    if (outcome === 'limit_reached') this.audit.tell('excess_sessions_exceeded', { userId }, origin);
    if (outcome !== 'opened') return opening;
    const { evicted, session } = opening;
    this.ended(evicted, userId, { reason: 'evicted', origin });
    if (evicted.length > 0) this.audit.tell('excess_sessions_exceeded', { userId, count: evicted.length }, origin);
    this.audit.tell('authn_login_success', { userId, sessionId: session.id }, origin);
    return opening;
  }

  ending(ending: Ending | null, cause: Cause): Ending | null {
    if (ending?.outcome === 'ended') this.ended([ending.sessionId], ending.userId, cause);
    return ending;
  }

  endings(endings: Endings, userId: string, cause: Cause): Endings {
    this.ended(endings.ended, userId, cause);
    return endings;
  }

  refusal(refusal: TokenRefusal, origin: Origin): TokenRefusal {
    if (refusal.verdict === 'reused')
      this.ended([refusal.sessionId], refusal.userId, { reason: 'token_reused', origin });
    return refusal;
  }

  private ended(sessionIds: readonly string[], userId: string, { reason, origin }: Cause): void {
    for (const sessionId of sessionIds) this.audit.tell(endEvent(reason), { userId, sessionId, reason }, origin);
  }
}
