import { SWEEP_LOCK } from './advisory-locks.js';
import { statement } from './statements.js';

/** For operators: it reads every session. */
export const COUNT_BY_MODE = statement(
  'session_count',
  `SELECT s.mode, count(*)::integer AS count FROM sallyport.sessions s JOIN sallyport.users u ON u.id = s.user_id
   WHERE sallyport.sallyport_death(s, u, sallyport.sallyport_now()) IS NULL GROUP BY s.mode`,
);

/**
 * $1 how long a dead session is remembered, $2 how many sessions and how many tokens go at most, the oldest first. The tokens of
 * a session go before it does, so that no number of them makes a statement slow. Nothing goes while another instance is sweeping:
 * without the lock there is no `t.since`. Arrays and LATERAL leave the planner no plan but one that goes by the indexes.
 */
export const SWEEP = statement(
  'session_sweep',
  `
  WITH t AS MATERIALIZED (
    SELECT sallyport.sallyport_now() - $1::interval AS since WHERE pg_try_advisory_xact_lock(${SWEEP_LOCK})
  ), due AS MATERIALIZED (
    (SELECT s.id, least(s.expires_at, s.ended_at) AS died_at FROM sallyport.sessions s
     WHERE s.expires_at < (SELECT since FROM t) ORDER BY s.expires_at LIMIT $2)
    UNION
    (SELECT s.id, least(s.expires_at, s.ended_at) AS died_at FROM sallyport.sessions s
     WHERE s.ended_at < (SELECT since FROM t) ORDER BY s.ended_at LIMIT $2)
  ), tokens AS (
    DELETE FROM sallyport.refresh_tokens WHERE digest = ANY (ARRAY(
      SELECT r.digest FROM (SELECT id FROM due ORDER BY died_at) due CROSS JOIN LATERAL (
        SELECT r.digest FROM sallyport.refresh_tokens r WHERE r.session_id = due.id LIMIT $2) r LIMIT $2))
    RETURNING digest
  ), gone AS (
    DELETE FROM sallyport.sessions WHERE id = ANY (ARRAY(
      SELECT s.id FROM due
        LEFT JOIN LATERAL (SELECT 1 AS one FROM sallyport.refresh_tokens r WHERE r.session_id = due.id LIMIT 1) r ON true
        CROSS JOIN LATERAL (SELECT s.id FROM sallyport.sessions s WHERE s.id = due.id FOR UPDATE SKIP LOCKED) s
      WHERE r.one IS NULL ORDER BY due.died_at LIMIT $2))
    RETURNING id
  )
  SELECT (SELECT count(*) FROM gone)::integer AS sessions, (SELECT count(*) FROM tokens)::integer AS tokens`,
);

/** Changes nothing, and fails where sessions and tokens could not be written, as `user_probe` does. */
export const PROBE = statement(
  'session_probe',
  `WITH i AS (INSERT INTO sallyport.sessions SELECT * FROM sallyport.sessions WHERE false),
     u AS (UPDATE sallyport.sessions SET device = device WHERE false),
     d AS (DELETE FROM sallyport.sessions WHERE false),
     ti AS (INSERT INTO sallyport.refresh_tokens SELECT * FROM sallyport.refresh_tokens WHERE false),
     td AS (DELETE FROM sallyport.refresh_tokens WHERE false)
   SELECT 1`,
);
