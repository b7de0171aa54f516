import { DataSource, type DataSourceOptions } from 'typeorm';
import { UnavailableError } from '../../src/core/app-error.js';
import { StartError } from '../../src/core/start-error.js';
import { migrate } from '../../src/storage/migrate.js';
import { openStorage, type Storage } from '../../src/storage/open-storage.js';
import type { DatabaseOptions } from '../../src/storage/postgres/database.options.js';
import { eventually } from '../support/eventually.js';
import { OwnedDatabase } from '../support/owned-database.js';
import { failure } from '../support/own-redis.js';
import { storageParts } from '../support/storage-parts.js';
import { logIn, newUser, rotated } from '../../src/contract/store-fixture.js';

describe('the database of an application that brings its own DataSource', () => {
  let database: OwnedDatabase;
  let host: DataSource;
  let storage: Storage | undefined;

  beforeEach(async () => {
    database = await OwnedDatabase.make();
    await database.admin('CREATE TABLE public.users (its_own text)', 'GRANT ALL ON public.users TO PUBLIC');
    host = dataSource();
  });
  afterEach(async () => {
    await storage?.close();
    storage = undefined;
    if (host.isInitialized) await host.destroy();
    await database.drop();
  });

  /** As an application has it: found by parts of an address, looking for its tables where they are, and waiting for ever. */
  function dataSource(changes: object = {}): DataSource {
    const { hostname, port, username, password } = new URL(database.url);
    const where = { host: hostname, port: Number(port), username, password, database: database.name };
    const extra = { options: '-c search_path=shop,public', ...changes };
    return new DataSource({ type: 'postgres', ...where, extra, installExtensions: false } as DataSourceOptions);
  }

  async function open(where: Partial<DatabaseOptions> = {}, schema = 'sallyport'): Promise<Storage> {
    const options = {
      database: { dataSource: host, ...where },
      schema,
      sessionStore: 'postgres',
      redisUrl: null,
    } as const;
    return (storage = await openStorage(options, storageParts()));
  }

  const asStores = (opened: Storage) => ({
    ...opened,
    close: () => opened.close(),
    told: async () => [],
    advance: async () => undefined,
  });

  it('is used through its pool, in a schema of our own, and the pool outlives us', async () => {
    const stores = asStores(await open({}, 'doors'));
    const user = await newUser(stores);
    const { token } = await logIn(stores, user);
    await rotated(stores, token);
    await stores.close();
    storage = undefined;
    expect(host.isInitialized).toBe(true);
    expect(await host.query('SELECT email FROM doors.users')).toEqual([{ email: user.email }]);
    expect(await host.query('SELECT * FROM users')).toEqual([]);
    expect(await host.query('SHOW search_path')).toEqual([{ search_path: 'shop,public' }]);
  });

  it('tells hints on a connection that is made by its options, and left at the end', async () => {
    const { hints } = await open();
    let heard = 0;
    hints.listen(() => (heard += 1));
    await eventually(async () => heard === 1);
    await hints.send();
    await eventually(async () => heard === 2);
    await hints.close();
  });

  it('is an outage when it does not answer, although the application would wait for ever', async () => {
    await host.initialize();
    const { users } = await open();
    const other = host.createQueryRunner();
    await other.startTransaction();
    await other.query('LOCK TABLE sallyport.users');
    const { error, ms } = await failure(users.page(null, 1));
    await other.rollbackTransaction();
    await other.release();
    expect(error).toBeInstanceOf(UnavailableError);
    expect(ms).toBeLessThan(5000);
    expect(await users.page(null, 1)).toEqual([]);
  });

  it('is refused in one sentence when its connections are not read committed', async () => {
    host = dataSource({ options: '-c default_transaction_isolation=serializable' });
    const { error } = await failure(open());
    expect(error).toBeInstanceOf(StartError);
    expect((error as Error).message).toMatch(/must be "read committed" by default, and are "serializable"/);
  });

  it.each([
    ['names our schema', '-c search_path=sallyport,public', 'sallyport'],
    ['is the role’s, which is called like our schema', '-c search_path="$user",public', null],
  ])('is refused when the path on which it looks for its own tables %s', async (_, options, schema) => {
    host = dataSource({ options });
    const { error } = await failure(open({}, schema ?? decodeURIComponent(new URL(database.url).username)));
    expect(error).toBeInstanceOf(StartError);
    expect((error as Error).message).toMatch(/^The connections of the DataSource look for tables in/);
  });

  it('is migrated by the application where it wants to do that itself: a start with older tables is refused', async () => {
    const { error } = await failure(open({ migrate: false }));
    expect(error).toBeInstanceOf(StartError);
    expect((error as Error).message).toMatch(/^The tables in the schema sallyport are behind this release \(.*\): run/);
    await Promise.all([migrate(host), migrate(host)]);
    const { users } = await open({ migrate: false });
    expect(await users.page(null, 1)).toEqual([]);
    await migrate(host, { schema: 'other' });
    expect(await host.query('SELECT * FROM other.users')).toEqual([]);
  });

  it('keeps nothing that a failed migration has begun', async () => {
    await host.initialize();
    await host.query('CREATE SCHEMA sallyport');
    await host.query('CREATE TABLE sallyport.limits (its_own text)');
    await expect(migrate(host)).rejects.toThrow('relation "limits" already exists');
    const tables = await host.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'sallyport'`);
    expect(tables).toEqual([{ tablename: 'limits' }]);
    await host.query('DROP TABLE sallyport.limits');
    await migrate(host);
  });
});
