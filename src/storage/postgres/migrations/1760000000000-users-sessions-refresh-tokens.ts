import type { Migration, Sql } from './migration.js';

export class UsersSessionsRefreshTokens1760000000000 implements Migration {
  async up(db: Sql): Promise<void> {
    // The one place where these tables read the clock.
    await db.query(`
      CREATE FUNCTION sallyport_now() RETURNS timestamptz LANGUAGE sql VOLATILE
      AS $$ SELECT clock_timestamp() $$`);

    await db.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY,
        email text NOT NULL,
        name text,
        password_hash text NOT NULL,
        roles text[] NOT NULL DEFAULT '{user}',
        status text NOT NULL DEFAULT 'active' CONSTRAINT users_status_check CHECK (status IN ('active', 'disabled')),
        auth_epoch integer NOT NULL DEFAULT 0,
        epoch_moved_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT sallyport_now())`);
    await db.query(`CREATE UNIQUE INDEX users_email_key ON users (email)`);
    await db.query(`CREATE INDEX users_epoch_moved_at_idx ON users (epoch_moved_at)`);

    await db.query(`
      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT sessions_user_fkey REFERENCES users ON DELETE CASCADE,
        auth_epoch integer NOT NULL,
        mode text NOT NULL CONSTRAINT sessions_mode_check CHECK (mode IN ('session', 'jwt')),
        transport text NOT NULL CONSTRAINT sessions_transport_check CHECK (transport IN ('cookie', 'bearer')),
        device text NOT NULL,
        ip text,
        created_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        idle_expires_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text,
        generation integer NOT NULL DEFAULT 0,
        salt bytea,
        rotated_at timestamptz)`);
    await db.query(`CREATE INDEX sessions_live_user_idx ON sessions (user_id) WHERE ended_at IS NULL`);
    await db.query(`CREATE INDEX sessions_ended_at_idx ON sessions (ended_at) WHERE ended_at IS NOT NULL`);
    await db.query(`CREATE INDEX sessions_expires_at_idx ON sessions (expires_at)`);

    await db.query(`
      CREATE TABLE refresh_tokens (
        digest bytea PRIMARY KEY CONSTRAINT refresh_tokens_digest_check CHECK (octet_length(digest) = 32),
        session_id uuid NOT NULL CONSTRAINT refresh_tokens_session_fkey REFERENCES sessions ON DELETE CASCADE,
        generation integer NOT NULL,
        issued_at timestamptz NOT NULL,
        CONSTRAINT refresh_tokens_session_generation_key UNIQUE (session_id, generation))`);

    // A function, because each statement in it sees what was committed while it waited for the user's row: that is what
    // makes the device limit exact and keeps a login from slipping past a password change.
    await db.query(`
      CREATE FUNCTION sallyport_open_session(
        p_id uuid, p_user_id uuid, p_auth_epoch integer, p_mode text, p_transport text, p_device text, p_ip text,
        p_digest bytea, p_idle interval, p_absolute interval, p_max integer, p_evict boolean,
        OUT outcome text, OUT evicted uuid[], OUT opened_at timestamptz, OUT idle_expires_at timestamptz,
        OUT expires_at timestamptz)
      LANGUAGE plpgsql AS $$
      DECLARE live integer;
      BEGIN
        evicted := ARRAY[]::uuid[];
        PERFORM 1 FROM users u WHERE u.id = p_user_id AND u.auth_epoch = p_auth_epoch AND u.status = 'active'
          FOR NO KEY UPDATE;
        IF NOT FOUND THEN outcome := 'user_changed'; RETURN; END IF;

        opened_at := sallyport_now();
        SELECT count(*) INTO live FROM sessions s
          WHERE s.user_id = p_user_id AND s.ended_at IS NULL AND s.auth_epoch = p_auth_epoch
            AND s.idle_expires_at > opened_at AND s.expires_at > opened_at;
        IF live >= p_max THEN
          IF NOT p_evict THEN outcome := 'limit_reached'; RETURN; END IF;
          WITH gone AS (
            UPDATE sessions s SET ended_at = opened_at, end_reason = 'evicted'
            WHERE s.ended_at IS NULL AND s.id IN (
              SELECT o.id FROM sessions o
              WHERE o.user_id = p_user_id AND o.ended_at IS NULL AND o.auth_epoch = p_auth_epoch
                AND o.idle_expires_at > opened_at AND o.expires_at > opened_at
              ORDER BY o.last_seen_at, o.id LIMIT live - p_max + 1)
            RETURNING s.id)
          SELECT array_agg(gone.id) INTO evicted FROM gone;
          evicted := coalesce(evicted, ARRAY[]::uuid[]);
        END IF;

        idle_expires_at := least(opened_at + p_idle, opened_at + p_absolute);
        expires_at := opened_at + p_absolute;
        INSERT INTO sessions (id, user_id, auth_epoch, mode, transport, device, ip,
                              created_at, last_seen_at, idle_expires_at, expires_at)
        VALUES (p_id, p_user_id, p_auth_epoch, p_mode, p_transport, p_device, p_ip,
                opened_at, opened_at, sallyport_open_session.idle_expires_at, sallyport_open_session.expires_at);
        INSERT INTO refresh_tokens (digest, session_id, generation, issued_at) VALUES (p_digest, p_id, 0, opened_at);
        outcome := 'opened';
      END $$`);

    // The user's row first: a login that is under way has either been committed, and its session is ended here, or waits
    // and then finds the epoch moved.
    await db.query(`
      CREATE FUNCTION sallyport_move_epoch(
        p_user_id uuid, p_seen_epoch integer, p_password_hash text, p_roles text[], p_status text) RETURNS boolean
      LANGUAGE plpgsql AS $$
      DECLARE moved_at timestamptz;
      BEGIN
        UPDATE users u SET
          auth_epoch = u.auth_epoch + 1, epoch_moved_at = sallyport_now(),
          password_hash = coalesce(p_password_hash, u.password_hash),
          roles = coalesce(p_roles, u.roles), status = coalesce(p_status, u.status)
        WHERE u.id = p_user_id AND u.auth_epoch = p_seen_epoch
        RETURNING u.epoch_moved_at INTO moved_at;
        IF NOT FOUND THEN RETURN false; END IF;
        UPDATE sessions s SET ended_at = moved_at, end_reason = 'user_changed'
          FROM (SELECT id FROM sessions WHERE user_id = p_user_id AND ended_at IS NULL ORDER BY id FOR NO KEY UPDATE) l
          WHERE s.id = l.id AND s.ended_at IS NULL;
        RETURN true;
      END $$`);
  }

  async down(db: Sql): Promise<void> {
    await db.query(`DROP FUNCTION sallyport_move_epoch`);
    await db.query(`DROP FUNCTION sallyport_open_session`);
    await db.query(`DROP TABLE refresh_tokens`);
    await db.query(`DROP TABLE sessions`);
    await db.query(`DROP TABLE users`);
    await db.query(`DROP FUNCTION sallyport_now`);
  }
}
