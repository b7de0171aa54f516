import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StartError } from '../../core/start-error.js';
import type { OpenDatabase } from './database.js';
import { dataSourceOptions, poolOf } from './data-source.js';
import { migrateAt } from './migrate.js';
import { patiently } from './patience.js';
import { SCHEMA } from './schema.js';

const logger = new Logger('database');

/** The database of a URL, through connections of our own. */
export async function openDatabaseAt(url: string, schema: string): Promise<OpenDatabase> {
  const dataSource = await connect(url, schema);
  return { pool: poolOf(dataSource), close: () => dataSource.destroy() };
}

/** Connects and migrates. */
export async function connect(url: string, schema = SCHEMA): Promise<DataSource> {
  return patiently(
    'The database in DATABASE_URL',
    (cause) => new DatabaseUnreachableError(cause),
    async () => {
      const dataSource = new DataSource(dataSourceOptions(url));
      try {
        await dataSource.initialize();
        // The server may close a connection nobody is using; the pool replaces it, and only the error must not be fatal.
        poolOf(dataSource).on('error', () => logger.warn('A connection to the database was lost.'));
        await migrateAt(url, schema);
        return dataSource;
      } catch (error) {
        if (dataSource.isInitialized) await dataSource.destroy();
        throw error;
      }
    },
  );
}

export class DatabaseUnreachableError extends StartError {
  constructor(cause: unknown) {
    super(
      'The database cannot be reached. Check that Postgres is running and that DATABASE_URL names its host, port, user, ' +
        'password and database; or leave DATABASE_URL unset to use the embedded one.',
      { cause },
    );
  }
}
