import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { UnavailableError } from '../../src/core/app-error.js';
import { Sweeper } from '../../src/sessions/sweeper.js';
import { dataSourceOptions, poolOf } from '../../src/storage/postgres/data-source.js';
import { migrateAt } from '../../src/storage/postgres/migrate.js';
import type { PostgresSessionStore } from '../../src/storage/postgres/postgres-session.store.js';
import { statement, Statements } from '../../src/storage/postgres/statements.js';
import { OwnedDatabase } from '../support/owned-database.js';
import { failure } from '../support/own-redis.js';
import { postgresStores } from '../support/postgres-storage.js';
import { POLICY } from '../../src/contract/store-fixture.js';
import { testLog } from '../support/test-log.js';

describe('a database that refuses us', () => {
  let database: OwnedDatabase;
  let dataSource: DataSource;
  let statements: Statements;
  let sessions: PostgresSessionStore;

  beforeAll(async () => {
    Logger.overrideLogger(testLog);
    database = await OwnedDatabase.make();
    await migrateAt(database.url);
    // One connection, so that each statement meets what the one before it has left.
    dataSource = await new DataSource(dataSourceOptions(database.url, 1)).initialize();
    poolOf(dataSource).on('error', () => undefined);
    statements = new Statements(poolOf(dataSource));
    ({ sessions } = postgresStores(statements, POLICY));
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const raised = (state: string): Promise<{ error: unknown }> =>
    failure(statements.run(statement(`raise_${state}`, `DO 'BEGIN RAISE SQLSTATE ''${state}''; END'`)));

  it.each(['08006', '26000', '28000', '28P01', '3D000', '42501', '42P05', '53100', '57P01', 'XX000', 'XX001'])(
    'is an outage when it says %s',
    async (state) => {
      expect((await raised(state)).error).toBeInstanceOf(UnavailableError);
    },
  );

  it.each(['22P02', '23505', '42601', '42703'])(
    'is no outage when it says %s: the statement is wrong',
    async (state) => {
      const { error } = await raised(state);
      expect(error).not.toBeInstanceOf(UnavailableError);
      expect(error).toMatchObject({ code: state });
    },
  );

  it('is asked again when a connection has lost its prepared statements, or has one of ours from somebody else', async () => {
    await sessions.countByMode();
    await poolOf(dataSource).query('DEALLOCATE ALL');
    expect(await sessions.countByMode()).toEqual({ session: 0, jwt: 0 });
    await poolOf(dataSource).query('DEALLOCATE ALL');
    await poolOf(dataSource).query('PREPARE sallyport_session_list AS SELECT 1');
    expect(await sessions.list(randomUUID())).toEqual([]);
  });

  it('is an outage while the password is another one, and none when it is right again', async () => {
    await database.setPassword('another');
    expect((await failure(sessions.countByMode())).error).toBeInstanceOf(UnavailableError);
    await database.restorePassword();
    expect(await sessions.countByMode()).toEqual({ session: 0, jwt: 0 });
  });

  describe('does not end the process by its sweeper', () => {
    beforeEach(() => {
      jest.useFakeTimers({
        doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'],
      });
    });
    afterEach(() => jest.useRealTimers());

    it.each([
      ['that was denied a right', 'REVOKE DELETE ON sallyport.sessions FROM', 'GRANT DELETE ON sallyport.sessions TO'],
      [
        'whose statement is wrong',
        'ALTER TABLE sallyport.sessions RENAME TO gone --',
        'ALTER TABLE sallyport.gone RENAME TO sessions --',
      ],
    ])('%s', async (_, harm, mend) => {
      const sweeper = new Sweeper(sessions);
      sweeper.onApplicationBootstrap();
      await database.admin(`${harm} ${database.name}`);
      const sweep = jest.spyOn(sessions, 'sweep');
      jest.advanceTimersByTime(60_000);
      expect(sweep).toHaveBeenCalledTimes(1);
      // It waits for the sweep that is under way, and would fail with it.
      await expect(sweeper.onModuleDestroy()).resolves.toBeUndefined();
      await expect(sweep.mock.results[0]!.value).rejects.toBeInstanceOf(Error);
      sweep.mockRestore();
      await database.admin(`${mend} ${database.name}`);
      await sweeper.sweep();
    });
  });
});
