import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type AuditEntry, tellingOf } from '../../audit/audit-entry.js';
import { type AuditEvent, TOLD_SELDOM } from '../../audit/audit-event.js';
import type { AuditLog } from '../../audit/audit-log.js';
import { type AuditQuery, type AuditSubject, AuditTrail } from '../../audit/audit-trail.js';
import { UnavailableError } from '../../core/app-error.js';
import type { Clock, Moment } from '../../core/clock.js';
import type { KeyedHash } from '../../core/keyed-hash.js';
import type { Origin } from '../../core/origin.js';
import { Seldom } from '../../core/seldom.js';
import { APPEND, type AuditRow, KEEP_MONTHS, LIST, toEntry } from './audit.sql.js';
import { ms, type Statements } from './statements.js';

/** Rows in one statement, and rows that may wait for one. */
const AT_ONCE = 500;
const MAX_WAITING = 20_000;
const AGAIN_MS = 1000;
const SELDOM_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

type Waiting = AuditEntry & { readonly told: Moment };

/** The table `audit_events`. What is told here is written directly after: whoever told it does not wait. */
export class PostgresAuditTrail extends AuditTrail {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private readonly closing = new AbortController();
  private readonly seldom: Seldom;

  constructor(
    private readonly statements: Statements,
    private readonly log: AuditLog,
    private readonly hash: KeyedHash,
    private readonly clock: Clock,
  ) {
    super();
    this.seldom = new Seldom(clock, SELDOM_MS);
  }

  tell(event: AuditEvent, { identifier, ...about }: AuditSubject, origin: Origin): void {
    const hashed =
      identifier === undefined ? {} : { identifier: this.hash.of('identifier', identifier).toString('hex') };
    const telling = tellingOf(event, origin, about.reason);
    const same = [event, about.userId, about.sessionId, about.reason, telling.address].join(' ');
    if (TOLD_SELDOM.has(event) && !this.seldom.isDue(same)) return;
    const entry = { id: randomUUID(), ...telling, ...about, ...hashed };
    this.log.say(entry);
    this.waiting.push({ ...entry, told: this.clock.now() });
    if (this.waiting.length > MAX_WAITING) this.log.sayLost(this.waiting.splice(0, AT_ONCE).length);
    this.writing ??= this.writeAll().finally(() => (this.writing = null));
  }

  async list({ userId, identifier, sinceMs, limit }: AuditQuery): Promise<(AuditEntry & { at: Date })[]> {
    const hashed = identifier === undefined ? null : this.hash.of('identifier', identifier).toString('hex');
    const values = [userId ?? null, hashed, ms(sinceMs), limit];
    const rows = await this.statements.run<AuditRow & { at: Date }>(LIST, values);
    return rows.map((row) => ({ ...toEntry(row), at: row.at })).toReversed();
  }

  async keepMonths(days: number): Promise<void> {
    await this.statements.run(KEEP_MONTHS, [ms(days * DAY_MS)]);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.writing;
    if (this.waiting.length > 0) this.log.sayLost(this.waiting.length);
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const rows = new Set(this.waiting.slice(0, AT_ONCE));
      if (await this.write(rows)) this.waiting = this.waiting.filter((row) => !rows.has(row));
      else if (this.closing.signal.aborted) return;
      else await pause(AGAIN_MS, undefined, { signal: this.closing.signal, ref: false }).catch(() => undefined);
    }
  }

  /** False when it should be tried again. What the database does not take for another reason will not be taken later. */
  private async write(rows: ReadonlySet<Waiting>): Promise<boolean> {
    const { monotonic } = this.clock.now();
    const aged = [...rows].map(({ told, ...entry }) => ({ ...entry, ago: monotonic - told.monotonic }));
    try {
      await this.statements.run(APPEND, [JSON.stringify(aged)]);
    } catch (error) {
      if (error instanceof UnavailableError) return false;
      this.log.sayLost(rows.size);
    }
    return true;
  }
}
