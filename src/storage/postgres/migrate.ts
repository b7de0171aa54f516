import pg, { type ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { StartError } from '../../core/start-error.js';
import { MIGRATION_LOCK } from './advisory-locks.js';
import { type Ask, askOn } from './bounded-query.js';
import { poolOf } from './data-source.js';
import type { Migration } from './migrations/migration.js';
import { migrations } from './migrations/migrations.js';
import { moveOldHome } from './old-home.js';
import { quoted, SCHEMA } from './schema.js';

/** What `storage/migrate.ts` promises to adopters, and loads when it is wanted. */
export async function migrate(dataSource: DataSource, { schema = SCHEMA } = {}): Promise<void> {
  const client = await poolOf(dataSource).connect();
  // A connection on which something went wrong is not handed on.
  await migrateOn(client, schema).then(
    () => client.release(),
    (error: unknown) => {
      client.release(true);
      throw error;
    },
  );
}

/** As `migrate`, on a connection made for it. */
export async function migrateAt(url: string, schema = SCHEMA): Promise<void> {
  await onConnection(url, (client) => migrateOn(client, schema));
}

/** Makes the schema, or moves the tables of an old installation there, and changes nothing else. */
export async function prepareAt(url: string, schema = SCHEMA): Promise<void> {
  await onConnection(url, (client) => alone(client, (ask) => prepare(ask, schema)));
}

/** Which migrations the schema lacks, by name. */
export async function lackedBy(client: Pick<ClientBase, 'query'>, schema: string): Promise<string[]> {
  const ask = askOn(client);
  const done = (await hasMigrations(ask, schema)) ? await applied(ask, schema) : new Set();
  return migrations.map(({ name }) => name).filter((name) => !done.has(name));
}

async function migrateOn(client: ClientBase, schema: string): Promise<void> {
  // Without a lock and without a transaction while there is nothing to do: so it also is where we may only read.
  if ((await lackedBy(client, schema).catch(explained)).length === 0) return;
  await alone(client, async (ask) => {
    await prepare(ask, schema);
    const done = await applied(ask, schema);
    for (const migration of migrations) if (!done.has(migration.name)) await apply(ask, migration, schema);
  });
}

async function apply(ask: Ask, migration: new () => Migration, schema: string): Promise<void> {
  const { name } = migration;
  await new migration().up({ query: ask });
  await ask(`INSERT INTO ${quoted(schema)}.schema_migrations ("timestamp", name) VALUES ($1, $2)`, [
    name.slice(-13),
    name,
  ]);
}

/** Afterwards the schema is there with a table of migrations, and what is created lands in it. */
async function prepare(ask: Ask, schema: string): Promise<void> {
  const home = quoted(schema);
  if (!(await hasMigrations(ask, schema))) {
    // Asked for first: whoever may not create a schema may not even say IF NOT EXISTS.
    const found = await ask('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
    if (found.length === 0) await ask(`CREATE SCHEMA ${home}`);
    const isMoved = await moveOldHome(ask, schema);
    if (!isMoved)
      await ask(
        `CREATE TABLE ${home}.schema_migrations (id serial PRIMARY KEY, "timestamp" bigint NOT NULL, name varchar NOT NULL)`,
      );
  }
  await ask(`SET LOCAL search_path TO ${home}, pg_temp`);
}

/** The catalogue's tables are asked: what `to_regclass` answers may be remembered from before another's migration. */
async function hasMigrations(ask: Ask, schema: string): Promise<boolean> {
  const found = await ask(
    `SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = 'schema_migrations'`,
    [schema],
  );
  return found.length > 0;
}

async function applied(ask: Ask, schema: string): Promise<Set<string>> {
  const rows = await ask<{ name: string }>(`SELECT name FROM ${quoted(schema)}.schema_migrations`);
  return new Set(rows.map(({ name }) => name));
}

/** All or nothing, and one instance at a time: the lock goes with the transaction, whatever becomes of this process. */
async function alone(client: ClientBase, act: (ask: Ask) => Promise<void>): Promise<void> {
  const ask = askOn(client);
  // Whatever is the default of these connections: who waited for the lock must see what was done meanwhile.
  await ask('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    for (const bound of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])
      await ask(`SET LOCAL ${bound} = 0`);
    await ask('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await act(ask);
    await ask('COMMIT');
  } catch (error) {
    await ask('ROLLBACK').catch(() => undefined);
    explained(error);
  }
}

function explained(cause: unknown): never {
  if ((cause as { code?: unknown }).code !== '42501') throw cause;
  throw new StartError(
    'The database denies this service a right that it needs to bring its tables up to date. Run the migrations by a role ' +
      'that owns the schema.',
    { cause },
  );
}

async function onConnection(url: string, act: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 1000,
    application_name: 'sallyport migrations',
    keepAlive: true,
  });
  // What happens to it between two statements is told by the next one.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await act(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
