import type { Clock } from '../../core/clock.js';
import type { KeyedHash } from '../../core/keyed-hash.js';
import type { Origin } from '../../core/origin.js';
import type { AuditEntry } from '../../audit/audit-entry.js';
import type { AuditEvent } from '../../audit/audit-event.js';
import type { AuditLog } from '../../audit/audit-log.js';
import { type AuditQuery, type AuditSubject, AuditTrail } from '../../audit/audit-trail.js';
import { NewEntries } from '../new-entries.js';

/** The oldest go when there are more. The log has them all. */
const MOST_ENTRIES = 10_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The latest entries, in the memory of one process. */
export class MemoryAuditTrail extends AuditTrail {
  private kept: (AuditEntry & { readonly at: Date })[] = [];
  private readonly entries: NewEntries;

  constructor(
    log: AuditLog,
    hash: KeyedHash,
    private readonly clock: Clock,
  ) {
    super();
    this.entries = new NewEntries(log, hash, clock);
  }

  tell(event: AuditEvent, about: AuditSubject, origin: Origin): void {
    const entry = this.entries.of(event, about, origin);
    if (!entry) return;
    this.kept.push({ ...entry, at: new Date(this.clock.now().wall) });
    if (this.kept.length >= 2 * MOST_ENTRIES) this.kept = this.kept.slice(-MOST_ENTRIES);
  }

  async list({ userId, identifier, sinceMs, limit }: AuditQuery): Promise<(AuditEntry & { at: Date })[]> {
    const hashed = identifier === undefined ? undefined : this.entries.hashOf(identifier);
    const isWanted = (entry: AuditEntry): boolean =>
      (userId === undefined && hashed === undefined) ||
      (userId !== undefined && entry.userId === userId) ||
      (hashed !== undefined && entry.identifier === hashed);
    return this.since(sinceMs).slice(-MOST_ENTRIES).filter(isWanted).slice(-limit);
  }

  async keepMonths(days: number): Promise<void> {
    this.kept = this.since(days * DAY_MS);
  }

  async close(): Promise<void> {}

  private since(ms: number): typeof this.kept {
    const since = this.clock.now().wall - ms;
    return this.kept.filter(({ at }) => at.getTime() >= since);
  }
}
