import { DataSource } from 'typeorm';
import { dataSourceOptions, migrate, poolOf } from '../../src/storage/postgres/data-source.js';
import { PostgresSessionStore } from '../../src/storage/postgres/postgres-session.store.js';
import { PostgresTokenStore } from '../../src/storage/postgres/postgres-token.store.js';
import { PostgresUserStore } from '../../src/storage/postgres/postgres-user.store.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import type { Storage } from './storages.js';

const url = process.env.TEST_WORKER_DATABASE_URL;
let connected: Promise<DataSource> | null = null;

async function connect(): Promise<DataSource> {
  const database = await new DataSource(dataSourceOptions(url!)).initialize();
  await migrate(url!);
  return database;
}

/** The store's clock is one function of the schema; moved on, it is another one. */
function moveClock(database: DataSource, offsetMs: number): Promise<unknown> {
  const body = `SELECT clock_timestamp() + interval '${offsetMs} ms'`;
  return database.query(
    `CREATE OR REPLACE FUNCTION sallyport_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ ${body} $$`,
  );
}

/** The database of the worker that runs the tests, emptied for each that asks. */
export const postgres: Storage = {
  name: 'postgres',
  missing: url ? null : 'Postgres tests skipped: there is no TEST_WORKER_DATABASE_URL, which the global set-up gives.',
  async make(policy) {
    const database = await (connected ??= connect());
    await database.query('TRUNCATE users CASCADE');
    const statements = new Statements(poolOf(database));
    let offsetMs = 0;
    return {
      sessions: new PostgresSessionStore(statements, policy),
      tokens: new PostgresTokenStore(statements, policy),
      users: new PostgresUserStore(statements),
      advance: async (ms) => void (await moveClock(database, (offsetMs += ms))),
      close: async () => void (await moveClock(database, 0)),
    };
  },
  async stop() {
    await (await connected)?.destroy();
    connected = null;
  },
};
