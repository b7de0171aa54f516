import { SESSION_COLUMNS } from './session.row.js';

export interface OpenedRow {
  outcome: 'opened' | 'limit_reached' | 'user_changed';
  evicted: string[];
  opened_at: Date;
  idle_expires_at: Date;
  expires_at: Date;
}

export const OPEN = `SELECT * FROM sallyport_open_session($1, $2, $3, $4, $5, $6, $7, $8, $9::interval, $10::interval, $11, $12)`;

/** $1 session, $2 idle time, $3 the shortest time between two writes. */
export const TOUCH = `
  UPDATE sessions s SET last_seen_at = t.ts, idle_expires_at = LEAST(t.ts + $2::interval, s.expires_at)
  FROM (SELECT sallyport_now() AS ts) t
  WHERE s.id = $1 AND s.ended_at IS NULL AND t.ts < s.idle_expires_at AND t.ts < s.expires_at
    AND s.last_seen_at <= t.ts - $3::interval`;

const LIVE = `s.ended_at IS NULL AND sallyport_now() < s.idle_expires_at AND sallyport_now() < s.expires_at`;

export const LIST = `
  SELECT ${SESSION_COLUMNS} FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.user_id = $1 AND ${LIVE} AND u.status = 'active' AND u.auth_epoch = s.auth_epoch
  ORDER BY s.last_seen_at DESC, s.id DESC`;

export const END = `
  UPDATE sessions s SET ended_at = sallyport_now(), end_reason = $3
  WHERE s.id = $1 AND s.user_id = $2 AND ${LIVE} RETURNING s.id`;

/** Rows are locked in the order of their ids, so that two of these never wait for each other. */
const endWhere = (condition: string): string => `
  UPDATE sessions s SET ended_at = sallyport_now(), end_reason = $3
  FROM (SELECT l.id FROM sessions l WHERE l.user_id = $1 AND l.ended_at IS NULL AND ${condition}
        ORDER BY l.id FOR NO KEY UPDATE) l
  WHERE s.id = l.id AND ${LIVE} RETURNING s.id`;

export const END_OTHERS = endWhere('($2::uuid IS NULL OR l.id <> $2)');
export const END_OLDER = endWhere('l.auth_epoch < $2');

/** Always one row at least, so that the clock comes with the answer. */
export const ENDED_SINCE = `
  SELECT e.id, e.ended_at, t.as_of FROM (SELECT sallyport_now() AS as_of) t
  LEFT JOIN LATERAL (
    SELECT s.id, s.ended_at FROM sessions s WHERE s.ended_at >= $1 ORDER BY s.ended_at, s.id LIMIT $2) e ON true
  ORDER BY e.ended_at, e.id`;

export const COUNT_BY_MODE = `SELECT s.mode, count(*)::integer AS count FROM sessions s WHERE ${LIVE} GROUP BY s.mode`;

/** $1 how long a dead session is remembered, $2 the batch. Its tokens go with it. */
export const SWEEP = `
  DELETE FROM sessions WHERE id IN (
    SELECT s.id FROM sessions s
    WHERE s.expires_at < sallyport_now() - $1::interval OR s.ended_at < sallyport_now() - $1::interval
    LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING id`;
