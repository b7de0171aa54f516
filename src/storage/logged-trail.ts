import type { AuditEntry } from '../audit/audit-entry.js';
import type { AuditEvent } from '../audit/audit-event.js';
import { type AuditQuery, type AuditSubject, AuditTrail } from '../audit/audit-trail.js';
import type { Origin } from '../core/origin.js';
import type { NewEntries } from './new-entries.js';

/** An adopter's own trail: what it is told is a line of the log all the same, and what listeners hear. Names come to it as their keyed hashes. */
export class LoggedTrail extends AuditTrail {
  constructor(
    private readonly own: AuditTrail,
    private readonly entries: NewEntries,
  ) {
    super();
  }

  tell(event: AuditEvent, about: AuditSubject, origin: Origin): void {
    const entry = this.entries.of(event, about, origin);
    // What somebody typed as a name may be their password: nobody keeps more of it than a keyed hash.
    if (entry) this.own.tell(event, { ...about, identifier: entry.identifier }, origin);
  }

  list({ identifier, ...query }: AuditQuery): Promise<(AuditEntry & { readonly at: Date })[]> {
    return this.own.list({ ...query, identifier: identifier && this.entries.hashOf(identifier) });
  }

  keepMonths(days: number): Promise<void> {
    return this.own.keepMonths(days);
  }

  close(): Promise<void> {
    return this.own.close();
  }
}
