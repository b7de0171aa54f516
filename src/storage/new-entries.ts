import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.js';
import type { KeyedHash } from '../core/keyed-hash.js';
import type { Origin } from '../core/origin.js';
import { Seldom } from '../core/seldom.js';
import { type AuditEntry, tellingOf } from '../audit/audit-entry.js';
import { type AuditEvent, TOLD_SELDOM } from '../audit/audit-event.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { AuditSubject } from '../audit/audit-trail.js';

/** Makes of what a trail is told the entry that it keeps, and a line of the log. Of a name there is a keyed hash alone. */
export class NewEntries {
  private readonly seldom: Seldom;

  constructor(
    private readonly log: AuditLog,
    private readonly hash: KeyedHash,
    clock: Clock,
  ) {
    this.seldom = new Seldom(clock);
  }

  /** Null for what was told a moment ago and is told seldom. */
  of(event: AuditEvent, { identifier, ...about }: AuditSubject, origin: Origin): AuditEntry | null {
    const same = [event, about.userId, about.sessionId, about.reason].join(' ');
    if (TOLD_SELDOM.has(event) && !this.seldom.isDue(same)) return null;
    const hashed = identifier === undefined ? {} : { identifier: this.hashOf(identifier) };
    const entry = { id: randomUUID(), ...tellingOf(event, origin, about.reason), ...about, ...hashed };
    this.log.say(entry);
    return entry;
  }

  /** What stands in an entry for a name that somebody tried to log in by. */
  hashOf(identifier: string): string {
    return this.hash.of('identifier', identifier).toString('hex');
  }
}
