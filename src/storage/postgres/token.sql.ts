import { FORGOTTEN_AT_ONCE, REMEMBERED_GENERATIONS } from '../../sessions/retention.js';
import { told, TOLD } from './audit.sql.js';
import { SESSION_COLUMNS } from './session.row.js';
import { endOne, tellingOfGone } from './session.sql.js';
import { statement } from './statements.js';

/** When the token `p` of the session `s` was replaced. Null when its successor is not there, or not seen by the statement. */
const REPLACED_AT = `(
    SELECT n.issued_at FROM sallyport.refresh_tokens n WHERE n.session_id = s.id AND n.generation = p.generation + 1)`;

/**
 * Whether the token `p` of the session `s` is as good as deleted: too many generations have followed it, and its grace window is
 * over. So old a token counts as forgotten, and never as late, when its successor cannot be seen: that row has been deleted, or
 * more rotations than are remembered went by while the statement waited.
 */
const forgotten = (now: string, grace: string): string =>
  `(p.generation <= s.generation - ${REMEMBERED_GENERATIONS} AND (${now} < ${REPLACED_AT} + ${grace}::interval) IS NOT TRUE)`;

/**
 * What a token of generation `p.generation` is worth while its session `s` stands at `s.generation`; $2 is the grace window.
 * A successor that the statement cannot see was issued after the statement began: its predecessor is late, not stolen.
 */
const worth = (now: string, current: string, predecessor: string): string => `
  WHEN p.generation = s.generation THEN '${current}'
  WHEN p.generation = s.generation - 1 AND ${now} < s.rotated_at + $2::interval THEN '${predecessor}'
  WHEN p.generation < s.generation - 1 AND ${now} < coalesce(${REPLACED_AT}, ${now}) + $2::interval THEN 'superseded'
  ELSE 'reused'`;

const judged = (session: string, now: string, current: string, predecessor: string): string =>
  `CASE WHEN ${forgotten(now, '$2')} THEN 'unknown'
     ELSE coalesce(sallyport.sallyport_death(${session}, u, ${now}), CASE ${worth(now, current, predecessor)} END) END`;

/** $1 digest, $2 grace window, $3 the shortest time between two writes of last-seen. */
export const USE = statement(
  'token_use',
  `SELECT ${SESSION_COLUMNS}, u.roles, s.last_seen_at <= t.ts - $3::interval AS touch_due,
     ${judged('s', 't.ts', 'held', 'held')} AS verdict
   FROM sallyport.refresh_tokens p JOIN sallyport.sessions s ON s.id = p.session_id JOIN sallyport.users u ON u.id = s.user_id,
     (SELECT sallyport.sallyport_now() AS ts) t
   WHERE p.digest = $1`,
);

/** $1 session, $2 what to tell. It was found to be reused a moment ago, and reuse is for ever: asking first and ending then is no race. */
export const END_REUSED = statement(
  'token_end_reused',
  `
  WITH gone AS (
    UPDATE sallyport.sessions s SET ended_at = sallyport.sallyport_now(), end_reason = 'token_reused'
    WHERE s.id = $1 AND s.ended_at IS NULL RETURNING s.id, s.user_id
  ), ${told(tellingOfGone('$2'))}
  SELECT g.id, ${TOLD} FROM gone g`,
);

/** $1 digest of any token that is remembered, $2 reason, $3 grace window, $4 what to tell. */
export const END_BY = statement(
  'token_end',
  endOne(
    `sallyport.refresh_tokens p JOIN sallyport.sessions s ON p.digest = $1 AND s.id = p.session_id AND NOT ${forgotten('sallyport.sallyport_now()', '$3')}`,
    '$2',
    '$4',
  ),
);

/**
 * How long the next rotation of the session `s` has to wait: as many rotations back as the quota $8 (null: no limit), the token
 * must have been issued longer ago than the window $9. A statement that sees the current token sees the older ones, too.
 */
const WAIT = `(SELECT n.issued_at + $9::interval - t.ts FROM sallyport.refresh_tokens n
    WHERE n.session_id = s.id AND n.generation = s.generation + 1 - $8::integer AND n.generation > 0)`;

/**
 * The whole rotation in one statement. $1 digest, $2 grace window, $3 successor's digest, $4 salt, $5 idle time, $6 mode,
 * $7 transport, $8 and $9 how many rotations may be within what time, $10 what to tell of a reuse. The session's row is the lock:
 * whoever waited for it judges its newest version. Token rows never change, but
 * those that were inserted during the wait are not seen. A few of the oldest are deleted when nobody will ask for them again.
 */
export const ROTATE = statement(
  'token_rotate',
  `
  WITH p AS (
    SELECT session_id, generation FROM sallyport.refresh_tokens WHERE digest = $1
  ), l AS (
    SELECT s.*, s AS whole, p.generation AS presented FROM sallyport.sessions s JOIN p ON s.id = p.session_id FOR NO KEY UPDATE OF s
  ), d AS MATERIALIZED (
    SELECT s.*, u.roles, t.ts, w.wait,
      CASE WHEN j.verdict = 'rotated' AND w.wait > interval '0' THEN 'too_fast' ELSE j.verdict END AS verdict
    FROM l s JOIN LATERAL (SELECT s.presented AS generation) p ON true JOIN sallyport.users u ON u.id = s.user_id
      CROSS JOIN LATERAL (SELECT CASE WHEN s.id IS NULL THEN NULL ELSE sallyport.sallyport_now() END AS ts) t
      CROSS JOIN LATERAL (SELECT ${judged('s.whole', 't.ts', 'rotated', 'replayed')} AS verdict) j
      CROSS JOIN LATERAL (SELECT ${WAIT} AS wait) w
  ), updated AS (
    UPDATE sallyport.sessions s SET
      generation = s.generation + CASE WHEN d.verdict = 'rotated' THEN 1 ELSE 0 END,
      salt = CASE WHEN d.verdict = 'rotated' THEN $4::bytea ELSE s.salt END,
      rotated_at = CASE WHEN d.verdict = 'rotated' THEN d.ts ELSE s.rotated_at END,
      last_seen_at = CASE WHEN d.verdict = 'rotated' THEN d.ts ELSE s.last_seen_at END,
      idle_expires_at = CASE WHEN d.verdict = 'rotated' THEN LEAST(d.ts + $5::interval, s.expires_at)
                             ELSE s.idle_expires_at END,
      mode = CASE WHEN d.verdict = 'rotated' THEN $6 ELSE s.mode END,
      transport = CASE WHEN d.verdict = 'rotated' THEN $7 ELSE s.transport END,
      ended_at = CASE WHEN d.verdict = 'reused' THEN d.ts ELSE s.ended_at END,
      end_reason = CASE WHEN d.verdict = 'reused' THEN 'token_reused' ELSE s.end_reason END
    FROM d WHERE s.id = d.id AND d.verdict IN ('rotated', 'reused')
    RETURNING ${SESSION_COLUMNS}, s.salt
  ), inserted AS (
    INSERT INTO sallyport.refresh_tokens (digest, session_id, generation, issued_at)
    SELECT $3, d.id, d.generation + 1, d.ts FROM d WHERE d.verdict = 'rotated'
  ), deleted AS (
    DELETE FROM sallyport.refresh_tokens WHERE digest IN (
      SELECT o.digest FROM d CROSS JOIN LATERAL (
        SELECT r.digest, r.generation FROM sallyport.refresh_tokens r
        WHERE r.session_id = d.id AND r.generation <= d.generation + 1 - ${REMEMBERED_GENERATIONS}
        ORDER BY r.generation LIMIT ${FORGOTTEN_AT_ONCE}) o
      WHERE d.verdict = 'rotated' AND NOT EXISTS (
        SELECT FROM sallyport.refresh_tokens n
        WHERE n.session_id = d.id AND n.generation = o.generation + 1 AND n.issued_at > d.ts - $2::interval))
  ), gone AS (
    SELECT d.id, d.user_id FROM d WHERE d.verdict = 'reused'
  ), ${told(tellingOfGone('$10'))}
  SELECT d.verdict, ceil(extract(epoch FROM d.wait) * 1000)::integer AS wait_ms, d.roles, ${SESSION_COLUMNS}, s.salt, ${TOLD}
  FROM d JOIN LATERAL (
    SELECT * FROM updated
    UNION ALL
    SELECT ${SESSION_COLUMNS.replaceAll('s.', 'd.')}, d.salt WHERE d.verdict NOT IN ('rotated', 'reused')
  ) s ON true`,
);
