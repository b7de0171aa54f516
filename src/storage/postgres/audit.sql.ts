import type { AuditEntry } from '../../audit/audit-entry.js';
import { statement } from './statements.js';

/**
 * For a `WITH`: the rows that an act adds to the audit trail in its own statement. `rows` selects `telling` (a `Telling` as jsonb),
 * `user_id`, `session_id` and `count`, for each thing that the act did.
 */
export const told = (rows: string): string => `
  told AS (
    INSERT INTO audit_events (event, reason, user_id, session_id, count, actor, request_id, address, device)
    SELECT t.event, t.reason, r.user_id, r.session_id, r.count, t.actor, t."requestId", t.address, t.device
    FROM (${rows}) r CROSS JOIN LATERAL jsonb_to_record(r.telling)
      AS t(event text, reason text, actor text, "requestId" text, address text, device text)
    RETURNING *
  )`;

/** The column in which such a statement gives what it has added. */
export const TOLD = `(SELECT jsonb_agg(told) FROM told) AS told`;

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

/** $1 entries as JSON, each with how many milliseconds `ago` it was. An entry that is there already, since an answer was lost, is left. */
export const APPEND = statement(
  'audit_append',
  `INSERT INTO audit_events (id, at, event, reason, user_id, session_id, count, actor, identifier, request_id, address, device)
   SELECT e.id, sallyport_now() - e.ago * interval '1 ms', e.event, e.reason, e."userId", e."sessionId", e.count, e.actor,
     e.identifier, e."requestId", e.address, e.device
   FROM jsonb_to_recordset($1::jsonb) AS e(id uuid, ago float8, event text, reason text, "userId" uuid, "sessionId" uuid,
     count integer, actor text, identifier text, "requestId" text, address text, device text)
   WHERE NOT EXISTS (SELECT FROM audit_events a WHERE a.id = e.id)`,
);

/** $1 user, $2 keyed hash of a name, $3 how far back, $4 how many. */
export const LIST = statement(
  'audit_list',
  `SELECT * FROM audit_events
   WHERE at >= (SELECT sallyport_now() - $3::interval)
     AND ($1::uuid IS NULL AND $2::text IS NULL OR user_id = $1 OR identifier = $2)
   ORDER BY at DESC, id LIMIT $4`,
);

/** $1 how long entries are kept. */
export const KEEP_MONTHS = statement('audit_keep_months', 'SELECT sallyport_keep_audit_months($1::interval)');
