import { DataSource } from 'typeorm';
import { dataSourceOptions, poolOf } from '../../src/storage/postgres/data-source.js';
import { OwnedDatabase } from '../support/owned-database.js';

it('a connection to the database is read committed and durable, whatever the user has as a default', async () => {
  const database = await OwnedDatabase.make();
  await database.admin(
    `ALTER ROLE ${database.name} SET default_transaction_isolation = 'serializable'`,
    `ALTER ROLE ${database.name} SET synchronous_commit = 'off'`,
  );
  const dataSource = await new DataSource(dataSourceOptions(database.url)).initialize();
  const setting = async (name: string): Promise<unknown> => (await poolOf(dataSource).query(`SHOW ${name}`)).rows;
  expect(await setting('transaction_isolation')).toEqual([{ transaction_isolation: 'read committed' }]);
  expect(await setting('synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  await dataSource.destroy();
  await database.drop();
});
