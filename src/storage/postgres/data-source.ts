import type { Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { MIGRATION_LOCK } from './advisory-locks.js';
import { RefreshTokenEntity } from './entities/refresh-token.entity.js';
import { SessionEntity } from './entities/session.entity.js';
import { UserEntity } from './entities/user.entity.js';
import { migrations } from './migrations/migrations.js';

export const entities = [UserEntity, SessionEntity, RefreshTokenEntity];

/**
 * Whatever a server, a database or a user has as its default: our statements rely on seeing the newest version of a row that they
 * waited for (read committed), and an act that was answered must outlive a crash.
 */
const PINNED = '-c default_transaction_isolation=read\\ committed -c synchronous_commit=on';

/** What the application and the TypeORM CLI share. Every wait is bounded, so that an outage is an answer and not a hang. */
export function dataSourceOptions(url: string, poolSize = 10): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities,
    migrations,
    migrationsTableName: 'schema_migrations',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize,
    connectTimeoutMS: 1000,
    applicationName: 'sallyport',
    extra: {
      statement_timeout: 2000,
      query_timeout: 2500,
      keepAlive: true,
      idleTimeoutMillis: 30_000,
      options: PINNED,
    },
    logging: false,
  };
}

/** TypeORM's own pool: our statements are prepared by name, which TypeORM cannot do. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

/** As the application's, with all the time that a large table or another instance's migration takes. */
export function migrationOptions(url: string): DataSourceOptions {
  return { ...dataSourceOptions(url, 2), extra: { keepAlive: true, options: PINNED } } as DataSourceOptions;
}

/** Brings the schema up to date. Instances that start together wait for one another. */
export async function migrate(url: string): Promise<void> {
  const dataSource = await new DataSource(migrationOptions(url)).initialize();
  try {
    await migrateAlone(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function migrateAlone(dataSource: DataSource): Promise<void> {
  const lock = dataSource.createQueryRunner();
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    // Closing the connection's lock explicitly: the pool would keep the session, and the lock with it.
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
  }
}
