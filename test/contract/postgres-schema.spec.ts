import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { StartError } from '../../src/core/start-error.js';
import { digestToken } from '../../src/sessions/opaque-token.js';
import { migrateAt } from '../../src/storage/postgres/migrate.js';
import { migrations } from '../../src/storage/postgres/migrations/migrations.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import { OwnedDatabase } from '../support/owned-database.js';
import { postgresStores } from '../support/postgres-storage.js';
import { logIn, newUser, POLICY, rotated } from '../../src/contract/store-fixture.js';
import type { Stores } from '../../src/contract/stores.js';
import { BY } from '../../src/contract/told.js';

/** What tables of an application may be called, and the tables that bear these names here: no two alike. */
const FOREIGN = ['users', 'sessions', 'refresh_tokens', 'limits', 'shared_keys', 'audit_events', 'schema_migrations'];

const before = (migration: string) =>
  migrations.slice(
    0,
    migrations.findIndex(({ name }) => name.startsWith(migration)),
  );

describe('the schema of the tables', () => {
  let database: OwnedDatabase;
  let pool: pg.Pool;

  beforeEach(async () => {
    database = await OwnedDatabase.make();
    // As a database of before Postgres 15, or one whose owner lets everybody in.
    await database.admin(`GRANT CREATE ON SCHEMA public TO ${database.name}`);
    pool = new pg.Pool({ connectionString: database.url });
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  const names = async (sql: string): Promise<string[]> =>
    (await pool.query<{ name: string }>(sql)).rows.map(({ name }) => name);
  const tablesOf = (schema: string): Promise<string[]> =>
    names(`SELECT tablename AS name FROM pg_tables WHERE schemaname = '${schema}' ORDER BY 1`);
  const functionsOf = (schema: string): Promise<string[]> =>
    names(`SELECT proname AS name FROM pg_proc WHERE pronamespace = '${schema}'::regnamespace ORDER BY 1`);

  function storesIn(schema?: string, on: pg.Pool | pg.Client = pool): Stores {
    const rest = { told: async () => [], advance: async () => undefined, close: async () => undefined };
    return { ...postgresStores(new Statements(on, { schema }), POLICY), ...rest };
  }

  /** A user logs in, refreshes, and is found. */
  async function works(stores: Stores): Promise<void> {
    const user = await newUser(stores);
    const { session, token } = await logIn(stores, user);
    const next = await rotated(stores, token);
    expect(await stores.tokens.use(digestToken(next), BY)).toMatchObject({ verdict: 'held' });
    expect(await stores.sessions.list(user.id)).toMatchObject([{ id: session.id }]);
    await stores.sessions.ping();
    await stores.users.ping();
    await stores.sessions.sweep(10);
  }

  /** The tables as the first releases made them: in the schema that everybody shares. */
  async function oldInstallation(wanted = before('ASchemaOfItsOwn')): Promise<void> {
    await pool.query(
      'CREATE TABLE schema_migrations (id serial PRIMARY KEY, "timestamp" bigint NOT NULL, name varchar)',
    );
    for (const migration of wanted) {
      await new migration().up(pool);
      const noted = [migration.name.slice(-13), migration.name];
      await pool.query('INSERT INTO schema_migrations ("timestamp", name) VALUES ($1, $2)', noted);
    }
  }

  it('is one of their own: tables of the same names that are somebody else’s are left as they are', async () => {
    for (const name of FOREIGN) await pool.query(`CREATE TABLE ${name} (its_own text)`);
    await pool.query(`CREATE FUNCTION now_and_then() RETURNS text LANGUAGE sql AS 'SELECT 1::text'`);
    await migrateAt(database.url);
    await works(storesIn());
    expect(await tablesOf('public')).toEqual(FOREIGN.toSorted());
    for (const name of FOREIGN) expect((await pool.query(`SELECT its_own FROM public.${name}`)).rows).toEqual([]);
    expect(await functionsOf('public')).toEqual(['now_and_then']);
    expect(await tablesOf('sallyport')).toEqual(expect.arrayContaining(FOREIGN));
  });

  it('is where the tables of an old installation move to, with all that they hold', async () => {
    await oldInstallation();
    await pool.query('SELECT sallyport_make_audit_months()');
    const id = randomUUID();
    await pool.query(`INSERT INTO users (id, email, password_hash) VALUES ('${id}', 'ann@example.org', 'not a hash')`);
    await pool.query(`INSERT INTO audit_events (event, user_id) VALUES ('user_created', '${id}')`);
    const [key] = (await pool.query('SELECT key FROM shared_keys')).rows;
    const [tables, functions] = [await tablesOf('public'), await functionsOf('public')];
    expect(tables.filter((name) => /^audit_events_\d/.test(name))).toHaveLength(3);
    await pool.query('CREATE TABLE orders (buyer uuid REFERENCES users)');

    await Promise.all([migrateAt(database.url), migrateAt(database.url)]);
    expect(await tablesOf('public')).toEqual(['orders']);
    expect(await tablesOf('sallyport')).toEqual(tables);
    expect(await functionsOf('sallyport')).toEqual(functions);
    const stores = storesIn();
    const ann = await stores.users.find(id);
    expect(ann).toMatchObject({ email: 'ann@example.org' });
    expect((await pool.query('SELECT key FROM sallyport.shared_keys')).rows).toEqual([key]);
    expect((await pool.query('SELECT user_id FROM sallyport.audit_events')).rows).toEqual([{ user_id: id }]);
    await logIn(stores, ann!);
    await works(stores);
  });

  it('gets of an old installation what its migrations have made, and nothing that stands beside it', async () => {
    await oldInstallation(before('Limits'));
    await pool.query('CREATE TABLE limits (its_own text)');
    await migrateAt(database.url);
    expect(await tablesOf('public')).toEqual(['limits']);
    await works(storesIn());
  });

  it('may have any name, and two installations share one connection', async () => {
    const other = 'Auth "2"; DROP';
    await migrateAt(database.url);
    await migrateAt(database.url, other);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const [first, second] = [storesIn(undefined, client), storesIn(other, client)];
    for (const stores of [first, second]) await works(stores);
    expect(await first.users.page(null, 10)).toHaveLength(1);
    expect(await second.users.page(null, 10)).toHaveLength(1);
    await client.end();
  });

  it('may get columns from the next release while an instance of this one goes on', async () => {
    await migrateAt(database.url);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await works(storesIn(undefined, client));
    for (const table of FOREIGN) await pool.query(`ALTER TABLE sallyport.${table} ADD COLUMN later text`);
    await works(storesIn(undefined, client));
    await client.end();
  });

  it('is made by a role that may not create one when it is there already', async () => {
    await database.admin(
      `ALTER DATABASE ${database.name} OWNER TO CURRENT_USER`,
      `CREATE SCHEMA sallyport AUTHORIZATION ${database.name}`,
    );
    await migrateAt(database.url);
    await works(storesIn());
  });

  it('is asked for by name, in one sentence, of a role that may neither make nor fill it', async () => {
    await database.admin(`ALTER DATABASE ${database.name} OWNER TO CURRENT_USER`);
    await expect(migrateAt(database.url)).rejects.toThrow(StartError);
    await migrateAt(database.adminUrl);
    await expect(migrateAt(database.url)).rejects.toThrow(/Run the migrations by a role that owns the schema\.$/);
    const { name } = database;
    await database.admin(
      `GRANT USAGE ON SCHEMA sallyport TO ${name}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sallyport TO ${name}`,
    );
    await migrateAt(database.url);
    await works(storesIn());
  });
});
