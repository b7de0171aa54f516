import type { Migration, Sql } from './migration.js';

/**
 * A session says how and when its user proved who they are, what makes it dead is said once, and a moved epoch ends nothing by
 * itself. The functions of the first release stay, so that its instances go on beside this release's: they open sessions without a
 * word of the proof, which was a password at the login. A later migration takes them away.
 */
export class ProofAndOneEnd1763700000000 implements Migration {
  async up(db: Sql): Promise<void> {
    await db.query(`
      ALTER TABLE sessions
        ADD COLUMN auth_time timestamptz,
        ADD COLUMN acr text NOT NULL DEFAULT 'aal1',
        ADD COLUMN amr text[] NOT NULL DEFAULT '{pwd}'`);

    // Also finds the sessions of a user that ended lately.
    await db.query(`CREATE INDEX sessions_user_idx ON sessions (user_id, ended_at)`);
    await db.query(`DROP INDEX sessions_live_user_idx`);

    // Why a session of a user is dead at a time; null while it lives. What ran out first is expired for good, also when its user
    // is changed afterwards.
    await db.query(`
      CREATE FUNCTION sallyport_death(s sessions, u users, at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE
      AS $$ SELECT CASE
        WHEN s.ended_at IS NOT NULL THEN 'revoked'
        WHEN at >= least(s.idle_expires_at, s.expires_at) THEN 'expired'
        WHEN u.status <> 'active' OR u.auth_epoch <> s.auth_epoch THEN 'revoked' END $$`);

    // A function, because each statement in it sees what was committed while it waited for the user's row: that makes the device
    // limit exact and keeps a login from slipping past a password change. The session comes as JSON with the names of its columns.
    await db.query(`
      CREATE FUNCTION sallyport_open_session(
        p_session jsonb, p_proved_ago interval, p_digest bytea, p_policy jsonb,
        OUT outcome text, OUT evicted uuid[], OUT opened sessions)
      LANGUAGE plpgsql AS $$
      DECLARE
        holder users;
        opened_at timestamptz;
        surplus integer;
      BEGIN
        opened := jsonb_populate_record(NULL::sessions, p_session);
        evicted := ARRAY[]::uuid[];
        SELECT * INTO holder FROM users u
          WHERE u.id = opened.user_id AND u.auth_epoch = opened.auth_epoch AND u.status = 'active' FOR NO KEY UPDATE;
        IF NOT FOUND THEN outcome := 'user_changed'; RETURN; END IF;

        opened_at := sallyport_now();
        SELECT count(*) - (p_policy->>'max')::integer + 1 INTO surplus FROM sessions s
          WHERE s.user_id = holder.id AND s.ended_at IS NULL AND sallyport_death(s, holder, opened_at) IS NULL;
        IF surplus > 0 THEN
          IF NOT (p_policy->>'evict')::boolean THEN outcome := 'limit_reached'; RETURN; END IF;
          WITH gone AS (
            UPDATE sessions s SET ended_at = opened_at, end_reason = 'evicted'
            WHERE s.ended_at IS NULL AND s.id IN (
              SELECT o.id FROM sessions o
              WHERE o.user_id = holder.id AND o.ended_at IS NULL AND sallyport_death(o, holder, opened_at) IS NULL
              ORDER BY o.last_seen_at, o.id LIMIT surplus)
            RETURNING s.id)
          SELECT coalesce(array_agg(gone.id), evicted) INTO evicted FROM gone;
        END IF;

        opened.auth_time := opened_at - p_proved_ago;
        opened.created_at := opened_at;
        opened.last_seen_at := opened_at;
        opened.expires_at := opened_at + (p_policy->>'absolute')::interval;
        opened.idle_expires_at := least(opened_at + (p_policy->>'idle')::interval, opened.expires_at);
        opened.generation := 0;
        INSERT INTO sessions SELECT (opened).*;
        INSERT INTO refresh_tokens (digest, session_id, generation, issued_at) VALUES (p_digest, opened.id, 0, opened_at);
        outcome := 'opened';
      END $$`);
  }

  async down(db: Sql): Promise<void> {
    await db.query(`DROP FUNCTION sallyport_open_session(jsonb, interval, bytea, jsonb)`);
    await db.query(`DROP FUNCTION sallyport_death`);
    await db.query(`CREATE INDEX sessions_live_user_idx ON sessions (user_id) WHERE ended_at IS NULL`);
    await db.query(`DROP INDEX sessions_user_idx`);
    await db.query(`ALTER TABLE sessions DROP COLUMN auth_time, DROP COLUMN acr, DROP COLUMN amr`);
  }
}
