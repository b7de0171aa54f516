import { LIMITS_SWEEP_LOCK } from './advisory-locks.js';
import { statement } from './statements.js';

/** $1 keys, $2 a rule for each of them as JSON. */
export const TAKE = statement(
  'limits_take',
  'SELECT t.taken_at::text, t.full_buckets FROM sallyport.sallyport_take($1, $2) t',
);

/**
 * $1 the time of the count, $2 keys of the buckets that it is taken from, $3 keys of those that are emptied. Rows are locked in
 * the order of their keys, as by TAKE. A bucket with nothing to give back is not written.
 */
export const GIVE_BACK = statement(
  'limits_give_back',
  `WITH t AS (SELECT $1::text::timestamptz AS taken_at), l AS (
     SELECT l.key FROM sallyport.limits l WHERE l.key = ANY ($2::bytea[] || $3::bytea[]) ORDER BY l.key FOR NO KEY UPDATE
   )
   UPDATE sallyport.limits SET hits = CASE WHEN limits.key = ANY ($3) THEN '{}' ELSE
       hits[:array_position(hits, t.taken_at) - 1] || hits[array_position(hits, t.taken_at) + 1:] END
   FROM l, t WHERE limits.key = l.key
     AND CASE WHEN limits.key = ANY ($3) THEN hits <> '{}' ELSE t.taken_at = ANY (hits) END`,
);

/** $1 how many go at most. What is counted again in this moment is locked or has another `forget_at`, and stays. */
export const SWEEP = statement(
  'limits_sweep',
  `WITH t AS MATERIALIZED (SELECT sallyport.sallyport_now() AS now WHERE pg_try_advisory_xact_lock(${LIMITS_SWEEP_LOCK}))
   DELETE FROM sallyport.limits WHERE key = ANY (ARRAY(
     SELECT key FROM sallyport.limits WHERE forget_at < (SELECT now FROM t) ORDER BY forget_at LIMIT $1 FOR UPDATE SKIP LOCKED))
   RETURNING 1`,
);
