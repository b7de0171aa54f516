import type { Migration, Sql } from './migration.js';

/**
 * What is counted under each limit: the times of the last counts, as many as the limit can ask for. Pages are half empty, so that
 * a row's next version stands beside the one it replaces; `forget_at` moves once an hour, so that its index seldom hears of it.
 */
export class Limits1764000000000 implements Migration {
  async up(db: Sql): Promise<void> {
    await db.query(`
      CREATE TABLE limits (
        key bytea PRIMARY KEY CONSTRAINT limits_key_check CHECK (octet_length(key) = 16),
        hits timestamptz[] NOT NULL,
        forget_at timestamptz NOT NULL) WITH (fillfactor = 50)`);
    await db.query(`CREATE INDEX limits_forget_at_idx ON limits (forget_at)`);

    // Of one bucket, what keeps the next count out at a time: the place of each window that is full (0 for a back-off), and the wait.
    // The count that is as many places from the end as the quota must be older than the window.
    await db.query(`
      CREATE FUNCTION sallyport_limit_waits(p_hits timestamptz[], p_rule jsonb, p_at timestamptz)
      RETURNS TABLE (place integer, wait interval) LANGUAGE sql STABLE AS $$
        SELECT * FROM (
          SELECT w.place::integer - 1, p_hits[cardinality(p_hits) + 1 - (w.rule->>'quota')::integer]
            + (w.rule->>'seconds')::integer * interval '1 second' - p_at AS wait
          FROM jsonb_array_elements(p_rule->'windows') WITH ORDINALITY w(rule, place)
          UNION ALL
          SELECT 0, p_hits[cardinality(p_hits)] + interval '1 second' * least((b->>'longestSeconds')::integer,
              (b->>'firstSeconds')::integer * 2 ^ (cardinality(p_hits) - (b->>'after')::integer)) - p_at
          FROM (SELECT p_rule->'backOff' AS b) o WHERE cardinality(p_hits) >= (b->>'after')::integer) all_waits
        WHERE wait > interval '0' $$`);

    // Counts of before a long pause are over together.
    await db.query(`
      CREATE FUNCTION sallyport_limit_hits(p_hits timestamptz[], p_rule jsonb, p_at timestamptz)
      RETURNS timestamptz[] LANGUAGE sql STABLE AS $$
        SELECT CASE WHEN p_hits[cardinality(p_hits)] > p_at - (p_rule->>'keepSeconds')::integer * interval '1 second'
          THEN p_hits ELSE '{}' END $$`);

    // The buckets that have no room, with their longest wait. Null when all have.
    await db.query(`
      CREATE FUNCTION sallyport_limits_full(p_keys bytea[], p_rules jsonb, p_at timestamptz)
      RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
      BEGIN
        RETURN (
          SELECT jsonb_agg(jsonb_build_object('bucket', k.place - 1, 'window', w.place,
            'waitMs', ceil(extract(epoch FROM w.wait) * 1000)) ORDER BY k.place)
          FROM unnest(p_keys) WITH ORDINALITY k(key, place)
            CROSS JOIN LATERAL (SELECT p_rules->(k.place::integer - 1) AS rule) r
            JOIN limits l ON l.key = k.key
            CROSS JOIN LATERAL (
              SELECT * FROM sallyport_limit_waits(sallyport_limit_hits(l.hits, r.rule, p_at), r.rule, p_at)
              ORDER BY wait DESC LIMIT 1) w);
      END $$`);

    // Whoever is to be refused is refused without a lock and without a write: counts leave a bucket, and none is overlooked. Whoever is
    // not locks the rows in the order of their keys, so that no two wait for each other, and is judged again by what is there then.
    // A count may be lost with a crash of the server, so that nobody waits for the disk, least of all while a row is locked.
    await db.query(`
      CREATE FUNCTION sallyport_take(p_keys bytea[], p_rules jsonb, OUT taken_at timestamptz, OUT full_buckets jsonb)
      LANGUAGE plpgsql AS $$
      DECLARE
        wanted bytea;
        counted_at timestamptz;
      BEGIN
        full_buckets := sallyport_limits_full(p_keys, p_rules, sallyport_now());
        IF full_buckets IS NOT NULL THEN RETURN; END IF;
        PERFORM set_config('synchronous_commit', 'off', true);
        FOR wanted IN SELECT k FROM unnest(p_keys) k ORDER BY k LOOP
          LOOP
            PERFORM FROM limits l WHERE l.key = wanted FOR NO KEY UPDATE;
            EXIT WHEN FOUND;
            INSERT INTO limits (key, hits, forget_at) VALUES (wanted, '{}', sallyport_now() + interval '1 hour')
              ON CONFLICT DO NOTHING;
          END LOOP;
        END LOOP;
        counted_at := sallyport_now();
        full_buckets := sallyport_limits_full(p_keys, p_rules, counted_at);
        IF full_buckets IS NOT NULL THEN RETURN; END IF;
        UPDATE limits l SET
          hits = (SELECT (h || counted_at)[greatest(cardinality(h) + 2 - (r.rule->>'keep')::integer, 1):]
            FROM sallyport_limit_hits(l.hits, r.rule, counted_at) h),
          forget_at = greatest(l.forget_at, date_trunc('hour', counted_at, 'UTC')
            + interval '1 hour' + (r.rule->>'keepSeconds')::integer * interval '1 second')
        FROM unnest(p_keys) WITH ORDINALITY k(key, place)
          CROSS JOIN LATERAL (SELECT p_rules->(k.place::integer - 1) AS rule) r
        WHERE l.key = k.key;
        taken_at := counted_at;
      END $$`);
  }

  async down(db: Sql): Promise<void> {
    await db.query(`DROP FUNCTION sallyport_take`);
    await db.query(`DROP FUNCTION sallyport_limits_full`);
    await db.query(`DROP FUNCTION sallyport_limit_hits`);
    await db.query(`DROP FUNCTION sallyport_limit_waits`);
    await db.query(`DROP TABLE limits`);
  }
}
