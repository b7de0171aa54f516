import type { Origin } from '../../core/origin.js';
import { type AuditEntry, tellingOf } from '../../audit/audit-entry.js';
import type { AuditEvent } from '../../audit/audit-event.js';
import { AUDIT_MONTHS_LOCK } from './advisory-locks.js';
import { statement } from './statements.js';

/**
 * For a `WITH`: the rows that an act adds to the audit trail in its own statement. `rows` selects `telling` (a `Telling` as jsonb),
 * `user_id`, `session_id` and `count`, for each thing that the act did.
 */
export const told = (rows: string): string => `
  told AS (
    INSERT INTO sallyport.audit_events (event, reason, user_id, session_id, count, actor, request_id, address, device)
    SELECT t.event, t.reason, r.user_id, r.session_id, r.count, t.actor, t."requestId", t.address, t.device
    FROM (${rows}) r CROSS JOIN LATERAL jsonb_to_record(r.telling)
      AS t(event text, reason text, actor text, "requestId" text, address text, device text)
    RETURNING *
  )`;

/** The column in which such a statement gives what it has added: in its first row, so that no answer is longer than what was done. */
export const TOLD = `CASE WHEN row_number() OVER () = 1 THEN (SELECT jsonb_agg(told) FROM told) END AS told`;

/** A telling as such a statement takes it. */
export function tellingText(event: AuditEvent, origin: Origin, reason?: string): string {
  return JSON.stringify(tellingOf(event, origin, reason));
}

/** As JSON or as a row. */
export interface AuditRow {
  id: string;
  at: Date | string;
  event: AuditEntry['event'];
  reason: string | null;
  user_id: string | null;
  session_id: string | null;
  count: number | null;
  actor: string | null;
  identifier: string | null;
  request_id: string | null;
  address: string | null;
  device: string | null;
}

export function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    event: row.event,
    reason: row.reason ?? undefined,
    userId: row.user_id ?? undefined,
    sessionId: row.session_id ?? undefined,
    count: row.count ?? undefined,
    actor: row.actor ?? undefined,
    identifier: row.identifier ?? undefined,
    requestId: row.request_id ?? undefined,
    address: row.address ?? undefined,
    device: row.device ?? undefined,
  };
}

/** $1 entries as JSON, each with its time. An entry that is there already, since an answer was lost, is left. */
export const APPEND = statement(
  'audit_append',
  `INSERT INTO sallyport.audit_events (id, at, event, reason, user_id, session_id, count, actor, identifier, request_id, address, device)
   SELECT e.id, e.at, e.event, e.reason, e."userId", e."sessionId", e.count, e.actor, e.identifier, e."requestId", e.address,
     e.device
   FROM jsonb_to_recordset($1::jsonb) AS e(id uuid, at timestamptz, event text, reason text, "userId" uuid, "sessionId" uuid,
     count integer, actor text, identifier text, "requestId" text, address text, device text)
   ON CONFLICT (id, at) DO NOTHING`,
);

const list = (whose: string): string =>
  `SELECT * FROM sallyport.audit_events WHERE at >= (SELECT sallyport.sallyport_now() - $1::interval) ${whose} ORDER BY at DESC LIMIT $2`;

/** $1 how far back, $2 how many. */
export const LIST_ALL = statement('audit_list_all', list(''));

/** $3 user, $4 keyed hash of a name. */
export const LIST_OF = statement('audit_list_of', list('AND (user_id = $3 OR identifier = $4)'));

/** Nothing is done while another instance is at it. */
export const MAKE_MONTHS = statement(
  'audit_make_months',
  `SELECT sallyport.sallyport_make_audit_months() WHERE pg_try_advisory_xact_lock(${AUDIT_MONTHS_LOCK})`,
);

/** $1 how long entries are kept. */
export const DROP_MONTHS = statement(
  'audit_drop_months',
  `SELECT sallyport.sallyport_drop_audit_months($1::interval) WHERE pg_try_advisory_xact_lock(${AUDIT_MONTHS_LOCK})`,
);
