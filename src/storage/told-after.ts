import type { Origin } from '../core/origin.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import { type Cause, endEvent } from '../sessions/session.js';
import type { Ending, Endings, NewSession, Opening } from '../sessions/session.store.js';
import type { TokenRefusal } from '../sessions/token.store.js';

/** For stores that cannot write the audit trail in the act: what they did to sessions is told directly after it. */
export class ToldAfter {
  constructor(private readonly audit: AuditTrail) {}

  /** What the opening has cost, also when the session is found to be too late afterwards. Gives back its argument, as all methods do. */
  evictions(opening: Opening, { userId }: NewSession, origin: Origin): Opening {
    const { outcome } = opening;
    const evicted = outcome === 'opened' ? opening.evicted : [];
    this.ended(evicted, userId, { reason: 'evicted', origin });
    const count = evicted.length > 0 ? { count: evicted.length } : {};
    if (outcome === 'limit_reached' || evicted.length > 0)
      this.audit.tell('excess_sessions_exceeded', { userId, ...count }, origin);
    return opening;
  }

  opened(opening: Opening, { userId, id: sessionId }: NewSession, origin: Origin): Opening {
    if (opening.outcome === 'opened') this.audit.tell('authn_login_success', { userId, sessionId }, origin);
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
