import type { Ask } from './bounded-query.js';
import { quoted } from './schema.js';

/** What the first releases kept in a schema that they shared with whoever else was there, by the migration that made it. */
const MADE_BY: Readonly<Record<string, readonly string[]>> = {
  UsersSessionsRefreshTokens1760000000000: ['schema_migrations', 'users', 'sessions', 'refresh_tokens'],
  ASharedKey1763850000000: ['shared_keys'],
  AuditTrail1763900000000: ['audit_events'],
  Limits1764000000000: ['limits'],
};

/**
 * Moves the tables and functions of an installation of the first releases into a schema of their own, with all they hold. False
 * when there is none. Such an installation is known by the migrations that are noted beside it: a table of the same name that
 * none of them made is somebody else's, and stays. An instance of such a release that still runs finds nothing any more.
 */
export async function moveOldHome(ask: Ask, schema: string): Promise<boolean> {
  for (const from of await placesOfMigrations(ask)) {
    const noted = await ask<{ name: string }>(
      `SELECT m.name FROM (SELECT to_jsonb(n)->>'name' AS name FROM ${quoted(from)}.schema_migrations n) m
       WHERE m.name = ANY ($1)`,
      [Object.keys(MADE_BY)],
    );
    if (noted.length === 0) continue;
    const tables = noted.flatMap(({ name }) => MADE_BY[name]!);
    for (const statement of await movesOf(ask, from, schema, tables)) await ask(statement);
    return true;
  }
  return false;
}

/** Where statements that named no schema went, and where somebody noted migrations under the name that we used. */
async function placesOfMigrations(ask: Ask): Promise<string[]> {
  const places = await ask<{ name: string }>(
    `SELECT n.nspname AS name FROM unnest(current_schemas(false)) WITH ORDINALITY p(name, place)
       JOIN pg_namespace n ON n.nspname = p.name JOIN pg_class c ON c.relnamespace = n.oid
     WHERE c.relname = 'schema_migrations' AND c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT') ORDER BY p.place`,
  );
  return places.map(({ name }) => name);
}

/**
 * The functions bear our name. They go first: what they are called by holds the names of tables. The months of the audit trail are
 * tables of their own.
 */
async function movesOf(ask: Ask, from: string, to: string, tables: readonly string[]): Promise<string[]> {
  const moves = await ask<{ move: string }>(
    `SELECT 1 AS step, format('ALTER FUNCTION %s SET SCHEMA %I', p.oid::regprocedure, $2::text) AS move
     FROM pg_proc p WHERE p.pronamespace = $1::regnamespace AND p.proname LIKE 'sallyport\\_%'
     UNION ALL
     SELECT 2, format('ALTER TABLE %s SET SCHEMA %I', c.oid::regclass, $2::text)
     FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class parent
       ON parent.oid = i.inhparent AND parent.relnamespace = c.relnamespace
     WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND coalesce(parent.relname, c.relname) = ANY ($3)
     ORDER BY step`,
    [quoted(from), to, tables],
  );
  return moves.map(({ move }) => move);
}
