import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { Clock, type Moment } from '../core/clock.js';
import { Lately } from '../core/lately.js';
import type { Origin } from '../core/origin.js';
import { limitOf } from './limit.js';
import type { Bucket } from './limit.store.js';

const EVERY_MS = 60_000;

/** Whom a bucket belongs to, where that is known. */
export interface Owner {
  readonly userId?: string;
  readonly sessionId?: string;
}

/** Tells the audit trail of full buckets, of each at most once a minute and instance: whoever hammers must not fill the trail. */
@Injectable()
export class LimitReports {
  private readonly told: Lately<Moment>;

  constructor(
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {
    this.told = new Lately(clock, EVERY_MS);
  }

  async tell({ limit, subject }: Bucket, origin: Origin, owner: Owner): Promise<void> {
    const name = `${limit} ${subject}`;
    const last = this.told.get(name);
    if (last && this.clock.since(last) < EVERY_MS) return;
    this.told.set(name, this.clock.now());
    const event = 'backOff' in limitOf(limit).rule ? 'authn_login_lock' : 'excess_rate_limit_exceeded';
    await this.audit.write(event, { ...owner, reason: limit }, origin);
  }
}
