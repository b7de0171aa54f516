import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Origin } from '../core/origin.js';
import { EndedLately } from './ended-lately.js';
import { RevocationAnnouncer } from './revocation.announcer.js';
import type { EndReason } from './session.js';
import type { Ending, Endings } from './session.store.js';

/**
 * What follows from the end of a session, whichever act ended it and before that act is answered: the session is refused here,
 * other instances are given a hint, and the audit trail hears of it. A session that somebody else had ended is refused here, too.
 */
@Injectable()
export class EndRecorder {
  constructor(
    private readonly ended: EndedLately,
    private readonly announcer: RevocationAnnouncer,
    private readonly audit: AuditTrail,
  ) {}

  async record({ ended, over }: Endings, userId: string, reason: EndReason, origin: Origin): Promise<void> {
    this.ended.add(over);
    if (ended.length === 0) return;
    this.ended.add(ended);
    this.announcer.announce();
    const event = reason === 'token_reused' ? 'authn_token_reuse' : 'authn_token_revoked';
    await Promise.all(ended.map((sessionId) => this.audit.write(event, { userId, sessionId, reason }, origin)));
  }

  async recordOne({ sessionId, userId, outcome }: Ending, reason: EndReason, origin: Origin): Promise<void> {
    const ended = outcome === 'ended' ? [sessionId] : [];
    const over = outcome === 'ended' ? [] : [sessionId];
    await this.record({ ended, over }, userId, reason, origin);
  }
}
