import type { Origin } from '../core/origin.js';
import type { AuditEntry } from './audit-entry.js';
import type { AuditEvent } from './audit-event.js';

/** What an event is about: ids and words of ours, never a credential. */
export interface AuditSubject {
  readonly userId?: string;
  readonly sessionId?: string;
  /** A name that somebody tried to log in by, whether or not it is a user's. Only its keyed hash is kept. */
  readonly identifier?: string;
  readonly reason?: string;
  readonly count?: number;
}

export interface AuditQuery {
  /** Whose entries; with both, the entries of either. Without both, everybody's. */
  readonly userId?: string;
  readonly identifier?: string;
  /** How far back, in milliseconds. */
  readonly sinceMs: number;
  readonly limit: number;
}

/**
 * What happened to whom. A change of state is told by the statement that makes it: `Telling`. What changes nothing in the store of
 * the trail is told here. Each entry is also a line of the log.
 *
 * @example
 * audit.tell('authz_fail', { userId, sessionId }, actedBy(userId, request));
 */
export abstract class AuditTrail {
  /**
   * Returns at once; the log's line is written, and the row follows. While the store cannot be asked rows wait, up to a number,
   * and what is lost then stands in the log alone. Of `TOLD_SELDOM` the same is told once a minute.
   */
  abstract tell(event: AuditEvent, about: AuditSubject, origin: Origin): void;

  /** The newest entries, oldest first. Throws `UnavailableError`. */
  abstract list(query: AuditQuery): Promise<(AuditEntry & { readonly at: Date })[]>;

  /** Makes room for the months to come, and drops those that ended more than `days` ago. Harmless to repeat. Throws `UnavailableError`. */
  abstract keepMonths(days: number): Promise<void>;

  /** Resolves when all rows are written, or cannot be. */
  abstract close(): Promise<void>;
}
