import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import type { Origin } from '../core/origin.js';
import { Seldom } from '../core/seldom.js';
import { type AuditSubject, AuditTrail } from '../audit/audit-trail.js';
import { limitOf } from './limit.js';
import type { Bucket } from './limit.store.js';

/** Whom a bucket belongs to, where that is known. */
export type Owner = Pick<AuditSubject, 'userId' | 'sessionId' | 'identifier'>;

/** Tells the audit trail of full buckets, of each at most once a minute and instance: whoever hammers must not fill the trail. */
@Injectable()
export class LimitReports {
  private readonly told: Seldom;

  constructor(
    private readonly audit: AuditTrail,
    clock: Clock,
  ) {
    this.told = new Seldom(clock);
  }

  tell({ limit, subject }: Bucket, origin: Origin, owner: Owner): void {
    if (!this.told.isDue(`${limit} ${subject}`)) return;
    const event = 'backOff' in limitOf(limit).rule ? 'authn_login_lock' : 'excess_rate_limit_exceeded';
    this.audit.tell(event, { ...owner, reason: limit }, origin);
  }
}
