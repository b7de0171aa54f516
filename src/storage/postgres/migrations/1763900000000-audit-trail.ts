import type { Migration, Sql } from './migration.js';

/**
 * The audit trail: rows are only ever added, and go by whole months. It names users and sessions by id and outlives both. What lies
 * in no month that was made in time is in `audit_events_rest`.
 */
export class AuditTrail1763900000000 implements Migration {
  async up(db: Sql): Promise<void> {
    await db.query(`
      CREATE TABLE audit_events (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        at timestamptz NOT NULL DEFAULT sallyport_now(),
        event text NOT NULL,
        reason text,
        user_id uuid,
        session_id uuid,
        count integer,
        actor text,
        identifier text,
        request_id text,
        address text,
        device text,
        PRIMARY KEY (id, at)) PARTITION BY RANGE (at)`);
    await db.query(`CREATE INDEX audit_events_user_idx ON audit_events (user_id, at)`);
    await db.query(
      `CREATE INDEX audit_events_identifier_idx ON audit_events (identifier, at) WHERE identifier IS NOT NULL`,
    );
    await db.query(`CREATE INDEX audit_events_at_idx ON audit_events (at)`);

    await db.query(`
      CREATE FUNCTION sallyport_refuse_change() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE EXCEPTION 'The audit trail is not changed: rows are only added.'; END $$`);
    // A trigger for rows is in every month, also in those to come; a trigger for TRUNCATE has to be made for each.
    await db.query(`
      CREATE TRIGGER audit_events_are_kept BEFORE UPDATE OR DELETE ON audit_events
        FOR EACH ROW EXECUTE FUNCTION sallyport_refuse_change()`);
    await db.query(`
      CREATE TRIGGER audit_events_are_whole BEFORE TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION sallyport_refuse_change()`);

    // Made beside the trail and then attached, so that no act waits: that locks only what lies with the rest.
    await db.query(`
      CREATE FUNCTION sallyport_add_audit_part(p_name text, p_range text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('CREATE TABLE %I (LIKE audit_events INCLUDING ALL)', p_name);
        EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION %I %s', p_name, p_range);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I
          FOR EACH STATEMENT EXECUTE FUNCTION sallyport_refuse_change()', p_name || '_is_whole', p_name);
      END $$`);
    await db.query(`SELECT sallyport_add_audit_part('audit_events_rest', 'DEFAULT')`);

    // This month and the two after it. A month whose rows are there already stays with the rest.
    await db.query(`
      CREATE FUNCTION sallyport_make_audit_months() RETURNS void LANGUAGE plpgsql
      SET lock_timeout = '100ms' SET timezone = 'UTC' AS $$
      DECLARE
        month timestamptz;
        part text;
      BEGIN
        FOR month IN SELECT date_trunc('month', sallyport_now()) + ahead * interval '1 month' FROM generate_series(0, 2) ahead LOOP
          part := to_char(month, '"audit_events_"YYYY_MM');
          CONTINUE WHEN to_regclass(part) IS NOT NULL;
          BEGIN
            PERFORM sallyport_add_audit_part(part, format('FOR VALUES FROM (%L) TO (%L)', month, month + interval '1 month'));
          EXCEPTION WHEN check_violation THEN NULL;
          END;
        END LOOP;
      END $$`);

    // Whoever waits to drop a part keeps every act waiting behind it: so nobody waits for long, and what is in use goes another time.
    await db.query(`
      CREATE FUNCTION sallyport_drop_audit_months(p_keep interval) RETURNS void LANGUAGE plpgsql
      SET lock_timeout = '100ms' SET timezone = 'UTC' AS $$
      DECLARE
        kept_since timestamptz := sallyport_now() - p_keep;
        part text;
      BEGIN
        FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                    WHERE i.inhparent = 'audit_events'::regclass AND c.relname ~ '_\\d{4}_\\d{2}$'
                      AND to_timestamp(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= kept_since LOOP
          BEGIN
            EXECUTE format('DROP TABLE %I', part);
          EXCEPTION WHEN lock_not_available THEN NULL;
          END;
        END LOOP;
        IF (SELECT max(at) < kept_since FROM audit_events_rest) THEN
          LOCK TABLE audit_events_rest IN ACCESS EXCLUSIVE MODE;
          IF (SELECT max(at) >= kept_since FROM audit_events_rest) THEN RETURN; END IF;
          DROP TABLE audit_events_rest;
          PERFORM sallyport_add_audit_part('audit_events_rest', 'DEFAULT');
        END IF;
      END $$`);
  }

  async down(db: Sql): Promise<void> {
    await db.query(`DROP TABLE audit_events`);
    await db.query(
      `DROP FUNCTION sallyport_make_audit_months, sallyport_drop_audit_months, sallyport_add_audit_part, sallyport_refuse_change`,
    );
  }
}
