import { randomBytes, randomUUID } from 'node:crypto';
import { connect as connectTo, createServer, type Server } from 'node:net';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { explain } from '../../src/config/explain.js';
import { dataSourceOptions, migrationOptions, poolOf } from '../../src/storage/postgres/data-source.js';
import { migrateAt } from '../../src/storage/postgres/migrate.js';
import { connect } from '../../src/storage/postgres/database-at.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import { closedPort } from '../support/closed-port.js';
import { postgresStores } from '../support/postgres-storage.js';
import { POLICY } from '../../src/contract/store-fixture.js';
import { ANN, freshDatabase, freshFolder, get, post, Program, removeFolders, ROOT } from './program.js';

let cwd: string;

beforeAll(async () => {
  cwd = await freshFolder();
});

afterAll(async () => {
  await Program.endAll();
  await removeFolders();
});

describe('a database that cannot be reached', () => {
  let proxy: Server | undefined;
  afterEach(() => proxy?.close());

  it('is tried again, with a plain sentence, and used once it is there', async () => {
    const there = new URL(await freshDatabase('late'));
    const late = new URL(there);
    late.port = String(await closedPort());
    const server = Program.run(['main'], { cwd, env: { PORT: '0', DATABASE_URL: late.href } });
    await server.says(/The database in DATABASE_URL cannot be reached; trying again for up to 30 seconds\./);
    expect(server.output).not.toContain(decodeURIComponent(there.password));

    proxy = createServer((from) => {
      const to = connectTo(Number(there.port), there.hostname);
      from.on('error', () => to.destroy()).pipe(to);
      to.on('error', () => from.destroy()).pipe(from);
    }).listen(Number(late.port), '127.0.0.1');
    const url = await server.ready();
    expect((await get(url, '/health/ready')).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  it('is given up after 30 seconds, with a sentence that says what to check and no password', async () => {
    const url = `postgres://ann:s3cret@127.0.0.1:${await closedPort()}/door`;
    const now = jest.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(30_001);
    const error = await connect(url).catch((thrown: unknown) => thrown);
    now.mockRestore();
    expect(explain(error)).toMatch(
      /^The database cannot be reached\. Check that Postgres is running and that DATABASE_URL/,
    );
    expect(explain(error)).not.toContain('s3cret');
  });
});

describe('instances that start at once on an empty database', () => {
  it('all become ready, and serve the same users', async () => {
    const env = { PORT: '0', DATABASE_URL: await freshDatabase('three') };
    const servers = [1, 2, 3].map(() => Program.run(['main'], { cwd, env }));
    const urls = await Promise.all(servers.map((server) => server.ready()));
    const statuses = [];
    for (const url of urls) statuses.push((await post(url, '/auth/register', ANN)).status);
    expect(statuses).toEqual([201, 409, 409]);
    expect(await Promise.all(servers.map((server) => server.stop()))).toEqual([0, 0, 0]);
  });
});

describe('the migrations', () => {
  let url: string;
  let client: pg.Client;

  beforeAll(async () => {
    url = await freshDatabase('migrations');
    client = new pg.Client({ connectionString: url });
    await client.connect();
  });

  afterAll(() => client.end());

  it('go up, down and up again by the commands of package.json', async () => {
    const empty = await schema();
    cli('migration:run');
    const full = await schema();
    expect(full.tables).toEqual(expect.arrayContaining(['users', 'sessions', 'refresh_tokens']));
    while ((await applied()) > 0) cli('migration:revert');
    expect(await schema()).toEqual({ ...empty, tables: ['schema_migrations'] });
    cli('migration:run');
    expect(await schema()).toEqual(full);
  });

  it('make the very schema that the entities describe', async () => {
    const entities = await freshDatabase('entities');
    await migrateAt(entities);
    const dataSource = await new DataSource(migrationOptions(entities)).initialize();
    try {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('wait for those of another instance for longer than any request may last', async () => {
    const MIGRATION_LOCK = 7_265_597_708;
    const waiting = await freshDatabase('waiting');
    const other = new pg.Client({ connectionString: waiting });
    await other.connect();
    await other.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const migrated = migrateAt(waiting);
    await pause(3000);
    await other.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await migrated;
    expect((await other.query('SELECT FROM sallyport.schema_migrations')).rowCount).toBeGreaterThan(0);
    await other.end();
  });

  it('keep the sessions that the functions of the first release have opened', async () => {
    const rolling = await freshDatabase('rolling');
    await migrateAt(rolling);
    const old = new pg.Client({ connectionString: rolling });
    await old.connect();
    const [user, session] = [randomUUID(), randomUUID()];
    await old.query(
      `INSERT INTO sallyport.users (id, email, password_hash) VALUES ($1, 'ann@example.org', 'not a hash')`,
      [user],
    );
    const { rows } = await old.query(
      `SELECT outcome FROM sallyport.sallyport_open_session($1, $2, 0, 'jwt', 'bearer', 'curl', NULL, $3, '1 h', '2 h', 10, true)`,
      [session, user, randomBytes(32)],
    );
    expect(rows).toEqual([{ outcome: 'opened' }]);
    const dataSource = await new DataSource(dataSourceOptions(rolling)).initialize();
    const { sessions: store } = postgresStores(new Statements(poolOf(dataSource)), POLICY);
    const [listed] = await store.list(user);
    expect(listed).toMatchObject({ id: session, acr: 'aal1', amr: ['pwd'], authTime: listed!.createdAt });
    const moved = await old.query(`SELECT sallyport.sallyport_move_epoch($1, 0, 'another hash', NULL, NULL) AS moved`, [
      user,
    ]);
    expect(moved.rows).toEqual([{ moved: true }]);
    expect(await store.list(user)).toEqual([]);
    await dataSource.destroy();
    await old.end();
  });

  /** The command without the build before it, which would take dist away from the programs of other tests. */
  function cli(name: string): void {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const [command, ...args] = scripts[name]!.split('&&').at(-1)!.trim().split(' ');
    const { PATH } = process.env;
    const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules', '.bin', command!), args, {
      cwd: ROOT,
      env: { PATH, DATABASE_URL: url },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stdout}\n${stderr}`);
  }

  async function applied(): Promise<number> {
    return (await client.query('SELECT FROM sallyport.schema_migrations')).rowCount!;
  }

  async function schema(): Promise<Record<string, string[]>> {
    const queries = {
      tables: `SELECT table_name AS it FROM information_schema.tables WHERE table_schema = 'sallyport'`,
      columns: `SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) AS it
                FROM information_schema.columns WHERE table_schema = 'sallyport' AND table_name <> 'schema_migrations'`,
      indexes: `SELECT indexdef AS it FROM pg_indexes WHERE schemaname = 'sallyport' AND tablename <> 'schema_migrations'`,
      constraints: `SELECT pg_get_constraintdef(oid) AS it FROM pg_constraint
                    WHERE conrelid::regclass::text IN ('sallyport.users', 'sallyport.sessions', 'sallyport.refresh_tokens')`,
      options: `SELECT relname || ' ' || reloptions::text AS it FROM pg_class
                WHERE relnamespace = to_regnamespace('sallyport') AND reloptions IS NOT NULL`,
      functions: `SELECT proname || pg_get_functiondef(oid) AS it FROM pg_proc WHERE pronamespace = to_regnamespace('sallyport')`,
    };
    const found: Record<string, string[]> = {};
    for (const [name, query] of Object.entries(queries)) {
      found[name] = (await client.query<{ it: string }>(`${query} ORDER BY 1`)).rows.map(({ it }) => it);
    }
    return found;
  }
});
