import { told, TOLD } from './audit.sql.js';
import { SESSION_COLUMNS } from './session.row.js';
import { statement } from './statements.js';

/**
 * $1 the session as JSON, $2 how long ago its user proved who they are, $3 digest of its first token, $4 the policy as JSON,
 * $5 what to tell of a session that is `evicted`, of an `excess` and of a session that is `opened`, as JSON.
 */
export const OPEN = statement(
  'session_open',
  `
  WITH o AS MATERIALIZED (
    SELECT o.* FROM sallyport.sallyport_open_session($1, $2::interval, $3, $4) o
  ), ${told(`
    SELECT $5::jsonb->'evicted' AS telling, (o.opened).user_id, e.id AS session_id, NULL::integer AS count
    FROM o, unnest(o.evicted) e(id)
    UNION ALL
    SELECT $5::jsonb->'excess', (o.opened).user_id, NULL, nullif(cardinality(o.evicted), 0)
    FROM o WHERE o.outcome = 'limit_reached' OR cardinality(o.evicted) > 0
    UNION ALL
    SELECT $5::jsonb->'opened', (o.opened).user_id, (o.opened).id, NULL FROM o WHERE o.outcome = 'opened'`)}
  SELECT o.outcome, o.evicted, ${SESSION_COLUMNS.replaceAll('s.', '(o.opened).')}, ${TOLD} FROM o`,
);

export const FIND = statement(
  'session_find',
  `SELECT ${SESSION_COLUMNS}, u.roles, sallyport.sallyport_death(s, u, sallyport.sallyport_now()) AS death
   FROM sallyport.sessions s JOIN sallyport.users u ON u.id = s.user_id WHERE s.id = $1`,
);

/**
 * $1 session, $2 idle time, $3 the shortest time between two writes, $4 grace window. After the window nobody is handed the current
 * token again, so that nothing needs to make it of its predecessor: the salt goes.
 */
export const TOUCH = statement(
  'session_touch',
  `UPDATE sallyport.sessions s SET last_seen_at = t.ts, idle_expires_at = LEAST(t.ts + $2::interval, s.expires_at),
     salt = CASE WHEN t.ts >= s.rotated_at + $4::interval THEN NULL ELSE s.salt END
   FROM sallyport.users u, (SELECT sallyport.sallyport_now() AS ts) t
   WHERE s.id = $1 AND u.id = s.user_id AND sallyport.sallyport_death(s, u, t.ts) IS NULL AND s.last_seen_at <= t.ts - $3::interval`,
);

/** Where rows are sought by their user, `ended_at IS NULL` stands beside the death: it lets the index pass over the dead. */
export const LIST = statement(
  'session_list',
  `SELECT ${SESSION_COLUMNS} FROM sallyport.sessions s JOIN sallyport.users u ON u.id = s.user_id
   WHERE s.user_id = $1 AND s.ended_at IS NULL AND sallyport.sallyport_death(s, u, sallyport.sallyport_now()) IS NULL
   ORDER BY s.last_seen_at DESC, s.id DESC`,
);

/** What `told` is given of the sessions in `gone`. */
export const tellingOfGone = (telling: string): string =>
  `SELECT ${telling}::jsonb AS telling, g.user_id, g.id AS session_id, NULL::integer AS count FROM gone g`;

/**
 * Ends the session that `found` gives, if it lives, and tells `telling` of it. What is alive in `found` and not ended here was ended,
 * ran out or was swept in between: it is over in each case.
 */
export const endOne = (found: string, reason: string, telling: string): string => `
  WITH found AS (
    SELECT s.id, s.user_id, sallyport.sallyport_death(s, u, sallyport.sallyport_now()) AS death
    FROM ${found} JOIN sallyport.users u ON u.id = s.user_id
  ), gone AS (
    UPDATE sallyport.sessions s SET ended_at = sallyport.sallyport_now(), end_reason = ${reason}
    FROM found f, sallyport.users u
    WHERE s.id = f.id AND u.id = s.user_id AND sallyport.sallyport_death(s, u, sallyport.sallyport_now()) IS NULL RETURNING s.id, s.user_id
  ), ${told(tellingOfGone(telling))}
  SELECT f.id, f.user_id, ${TOLD}, CASE WHEN g.id IS NULL THEN coalesce(f.death, 'revoked') ELSE 'ended' END AS outcome
  FROM found f LEFT JOIN gone g ON g.id = f.id`;

/** $1 session, $2 user, $3 reason, $4 what to tell. */
export const END = statement(
  'session_end',
  endOne('(SELECT * FROM sallyport.sessions WHERE id = $1 AND user_id = $2) s', '$3', '$4'),
);

/**
 * Ends the sessions of user $1 that `condition` picks and that have not run out, dead by a moved epoch or not, for the reason $3;
 * names them together with those that ended within the time $4, and tells $5 of each that it ended. They are picked as the
 * statement's snapshot shows them: what was alive there is over afterwards, whoever ended it. Rows are locked in the order of their ids, so that two of these never wait for each other.
 */
const endMany = (condition: string): string => `
  WITH picked AS (
    SELECT s.id, s.ended_at FROM sallyport.sessions s JOIN sallyport.users u ON u.id = s.user_id, (SELECT sallyport.sallyport_now() AS ts) t
    WHERE s.user_id = $1 AND (s.ended_at >= t.ts - $4::interval OR s.ended_at IS NULL AND ${condition}
      AND sallyport.sallyport_death(s, u, t.ts) IS DISTINCT FROM 'expired')
  ), gone AS (
    UPDATE sallyport.sessions s SET ended_at = sallyport.sallyport_now(), end_reason = $3
    FROM (SELECT l.id FROM sallyport.sessions l WHERE l.id IN (SELECT id FROM picked WHERE ended_at IS NULL)
          ORDER BY l.id FOR NO KEY UPDATE) l
    WHERE s.id = l.id AND s.ended_at IS NULL RETURNING s.id, s.user_id
  ), ${told(tellingOfGone('$5'))}
  SELECT p.id, g.id IS NOT NULL AS ended, ${TOLD} FROM picked p LEFT JOIN gone g ON g.id = p.id`;

/** $2 the session to keep, or null. */
export const END_OTHERS = statement('session_end_others', endMany('($2::uuid IS NULL OR s.id <> $2)'));

/** $2 the epoch. */
export const END_OLDER = statement('session_end_older', endMany('s.auth_epoch < $2'));

/** Always one row at least, so that the clock comes with the answer. */
export const ENDED_SINCE = statement(
  'session_ended_since',
  `SELECT e.id, e.ended_at, t.as_of FROM (SELECT sallyport.sallyport_now() AS as_of) t
   LEFT JOIN LATERAL (
     SELECT s.id, s.ended_at FROM sallyport.sessions s WHERE s.ended_at >= $1 ORDER BY s.ended_at, s.id LIMIT $2) e ON true
   ORDER BY e.ended_at, e.id`,
);
