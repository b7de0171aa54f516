import { setTimeout as pause } from 'node:timers/promises';
import { UnavailableError } from '../../core/app-error.js';
import type { Clock } from '../../core/clock.js';
import type { KeyedHash } from '../../core/keyed-hash.js';
import type { Origin } from '../../core/origin.js';
import type { StoreTime } from '../../core/store-time.js';
import type { AuditEntry } from '../../audit/audit-entry.js';
import type { AuditEvent } from '../../audit/audit-event.js';
import type { AuditLog } from '../../audit/audit-log.js';
import { type AuditQuery, type AuditSubject, AuditTrail } from '../../audit/audit-trail.js';
import { NewEntries } from '../new-entries.js';
import { APPEND, type AuditRow, DROP_MONTHS, LIST_ALL, LIST_OF, MAKE_MONTHS, toEntry } from './audit.sql.js';
import { ms, type Statements } from './statements.js';

/** Rows in one statement, and rows that may wait for one. */
const AT_ONCE = 500;
const MAX_WAITING = 20_000;
const AGAIN_MS = 1000;
const CLOSE_MS = 3000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** With its time, which is the same however often it is written. */
type Waiting = AuditEntry & { readonly at: Date };

/** The table `audit_events`. What is told here is written directly after: whoever told it does not wait. */
export class PostgresAuditTrail extends AuditTrail {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private readonly closing = new AbortController();
  private readonly entries: NewEntries;

  constructor(
    private readonly statements: Statements,
    private readonly log: AuditLog,
    hash: KeyedHash,
    private readonly clock: Clock,
    private readonly time: StoreTime,
  ) {
    super();
    this.entries = new NewEntries(log, hash, clock);
  }

  tell(event: AuditEvent, about: AuditSubject, origin: Origin): void {
    const entry = this.entries.of(event, about, origin);
    if (!entry) return;
    if (this.closing.signal.aborted) return this.log.sayLost(1);
    // Before the first reading of the store's time the wall clock is as good as it gets.
    this.waiting.push({ ...entry, at: new Date(this.time.known ?? this.clock.now().wall) });
    // Not those in front: they may be being written at this moment.
    if (this.waiting.length > MAX_WAITING) this.log.sayLost(this.waiting.splice(AT_ONCE, AT_ONCE).length);
    this.writing ??= this.writeAll();
  }

  async list({ userId, identifier, sinceMs, limit }: AuditQuery): Promise<(AuditEntry & { at: Date })[]> {
    const hashed = identifier === undefined ? null : this.entries.hashOf(identifier);
    const window = [ms(sinceMs), limit];
    const rows = await (userId === undefined && hashed === null
      ? this.statements.run<AuditRow & { at: Date }>(LIST_ALL, window)
      : this.statements.run<AuditRow & { at: Date }>(LIST_OF, [...window, userId ?? null, hashed]));
    return rows.map((row) => ({ ...toEntry(row), at: row.at })).toReversed();
  }

  async keepMonths(days: number): Promise<void> {
    await this.statements.run(MAKE_MONTHS);
    await this.statements.run(DROP_MONTHS, [ms(days * DAY_MS)]);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.race([this.writing, pause(CLOSE_MS, undefined, { ref: false })]);
    if (this.waiting.length > 0) this.log.sayLost(this.waiting.splice(0).length);
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const rows = new Set(this.waiting.slice(0, AT_ONCE));
      if (await this.write(rows)) this.waiting = this.waiting.filter((row) => !rows.has(row));
      else if (this.closing.signal.aborted) break;
      else await pause(AGAIN_MS, undefined, { signal: this.closing.signal, ref: false }).catch(() => undefined);
    }
    this.writing = null;
  }

  /** False when it should be tried again. A row that the database does not take for another reason costs no other. */
  private async write(rows: ReadonlySet<Waiting>): Promise<boolean> {
    try {
      await this.statements.run(APPEND, [JSON.stringify([...rows])]);
      return true;
    } catch (error) {
      if (error instanceof UnavailableError) return false;
      if (rows.size === 1) this.log.sayLost(1);
    }
    if (rows.size > 1) for (const row of rows) if (!(await this.write(new Set([row])))) return false;
    return true;
  }
}
