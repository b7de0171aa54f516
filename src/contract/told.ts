import type { AuditEntry } from '../audit/audit-entry.js';
import type { AuditEvent } from '../audit/audit-event.js';
import { type AuditSubject, AuditTrail } from '../audit/audit-trail.js';
import type { Origin } from '../core/origin.js';
import type { Cause, EndReason } from '../sessions/session.js';

/** Who acts in tests of parts alone. */
export const BY: Origin = { actor: 'test' };

export function because(reason: EndReason): Cause {
  return { reason, origin: BY };
}

export type Heard = Pick<AuditEntry, 'event' | 'actor' | keyof AuditSubject>;

/** An audit trail in memory, for stores that are not Postgres. */
export class HeardAudit extends AuditTrail {
  readonly heard: Heard[] = [];

  tell(event: AuditEvent, about: AuditSubject, { actor }: Origin): void {
    this.heard.push({ event, ...about, actor });
  }

  async list(): Promise<never[]> {
    return [];
  }

  async keepMonths(): Promise<void> {}

  async close(): Promise<void> {}
}
