import type { AuditEntry } from '../audit/audit-entry.js';
import type { AuditEvent } from '../audit/audit-event.js';
import { type AuditQuery, type AuditSubject, AuditTrail } from '../audit/audit-trail.js';
import type { Origin } from '../core/origin.js';
import type { NewEntries } from './new-entries.js';

/** An adopter's own trail: what it is told is a line of the log all the same, and what listeners hear. */
export class LoggedTrail extends AuditTrail {
  constructor(
    private readonly own: AuditTrail,
    private readonly entries: NewEntries,
  ) {
    super();
  }

  tell(event: AuditEvent, about: AuditSubject, origin: Origin): void {
    if (this.entries.of(event, about, origin)) this.own.tell(event, about, origin);
  }

  list(query: AuditQuery): Promise<(AuditEntry & { readonly at: Date })[]> {
    return this.own.list(query);
  }

  keepMonths(days: number): Promise<void> {
    return this.own.keepMonths(days);
  }

  close(): Promise<void> {
    return this.own.close();
  }
}
