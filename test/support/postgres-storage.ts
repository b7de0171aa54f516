import { SallyportEvents } from '../../src/audit/events.js';
import { DataSource } from 'typeorm';
import { dataSourceOptions, poolOf } from '../../src/storage/postgres/data-source.js';
import { migrateAt } from '../../src/storage/postgres/migrate.js';
import { PostgresSessionStore } from '../../src/storage/postgres/postgres-session.store.js';
import { PostgresTokenStore } from '../../src/storage/postgres/postgres-token.store.js';
import { PostgresUserStore } from '../../src/storage/postgres/postgres-user.store.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import { ToldStatements } from '../../src/storage/postgres/told-statements.js';
import type { SessionPolicy } from '../../src/sessions/session-policy.options.js';
import { AuditLog } from '../../src/audit/audit-log.js';
import type { Heard } from '../../src/contract/told.js';
import type { TestedStorage, Stores } from '../../src/contract/stores.js';

const url = process.env.TEST_WORKER_DATABASE_URL;
let connected: Promise<DataSource> | null = null;

async function connect(): Promise<DataSource> {
  const database = await new DataSource(dataSourceOptions(url!)).initialize();
  await migrateAt(url!);
  return database;
}

/** The store's clock is one function of the schema; moved on, it is another one. */
function moveClock(database: DataSource, offsetMs: number): Promise<unknown> {
  const body = `SELECT clock_timestamp() + interval '${offsetMs} ms'`;
  return database.query(
    `CREATE OR REPLACE FUNCTION sallyport.sallyport_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ ${body} $$`,
  );
}

interface ToldRow {
  readonly id: string;
  readonly told: Heard;
}

/** What a test looks at of the trail, which no test empties. */
const TOLD = `
  SELECT id, jsonb_strip_nulls(jsonb_build_object('event', event, 'reason', reason, 'userId', user_id, 'sessionId', session_id,
    'count', count, 'actor', actor)) AS told FROM sallyport.audit_events WHERE actor = 'test' ORDER BY at, ctid`;

class SilentLog extends AuditLog {
  override say(): void {}
}

/** The stores as the application puts them together. */
export function postgresStores(
  statements: Statements,
  policy: SessionPolicy,
): Pick<Stores, 'tokens' | 'users'> & { sessions: PostgresSessionStore } {
  const acts = new ToldStatements(statements, new SilentLog(new SallyportEvents({ on: {} })));
  return {
    sessions: new PostgresSessionStore(statements, acts, policy),
    tokens: new PostgresTokenStore(statements, acts, policy),
    users: new PostgresUserStore(statements, acts),
  };
}

/** The database of the worker that runs the tests, emptied for each that asks. */
export const postgres: TestedStorage<keyof Stores | 'told'> = {
  name: 'postgres',
  missing: url ? null : 'Postgres tests skipped: there is no TEST_WORKER_DATABASE_URL, which the global set-up gives.',
  async make(policy) {
    const database = await (connected ??= connect());
    await database.query('TRUNCATE sallyport.users CASCADE');
    const old = new Set((await database.query<ToldRow[]>(TOLD)).map(({ id }) => id));
    let offsetMs = 0;
    return {
      ...postgresStores(new Statements(poolOf(database)), policy),
      told: async () => (await database.query<ToldRow[]>(TOLD)).flatMap(({ id, told }) => (old.has(id) ? [] : [told])),
      advance: async (ms) => void (await moveClock(database, (offsetMs += ms))),
      close: async () => void (await moveClock(database, 0)),
    };
  },
  async stop() {
    await (await connected)?.destroy();
    connected = null;
  },
};
