import type { Pool } from 'pg';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { RefreshTokenEntity } from './entities/refresh-token.entity.js';
import { SessionEntity } from './entities/session.entity.js';
import { UserEntity } from './entities/user.entity.js';
import { migrations } from './migrations/migrations.js';
import { quoted, SCHEMA } from './schema.js';

export const entities = [UserEntity, SessionEntity, RefreshTokenEntity];

/**
 * Whatever a server, a database or a user has as its default: our statements rely on seeing the newest version of a row that they
 * waited for (read committed), and an act that was answered must outlive a crash.
 */
const PINNED = '-c default_transaction_isolation=read\\ committed -c synchronous_commit=on';

/** When a statement is given up here: somewhat later than the server gives it up. */
export const QUERY_WITHIN_MS = 2500;

/** What the application and the TypeORM CLI share. Every wait is bounded, so that an outage is an answer and not a hang. */
export function dataSourceOptions(url: string, poolSize = 10): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities,
    schema: SCHEMA,
    migrations: [...migrations],
    migrationsTableName: 'schema_migrations',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize,
    connectTimeoutMS: 1000,
    applicationName: 'sallyport',
    extra: {
      statement_timeout: 2000,
      query_timeout: QUERY_WITHIN_MS,
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

/** For the TypeORM CLI: with all the time that a large table takes, and finding everything in our schema. */
export function migrationOptions(url: string): DataSourceOptions {
  const options = `${PINNED} -c search_path=${quoted(SCHEMA)},pg_temp`;
  return { ...dataSourceOptions(url, 2), extra: { keepAlive: true, options } } as DataSourceOptions;
}
