import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StartError } from '../../core/start-error.js';
import type { StorageOptions } from '../storage.options.js';
import { dataSourceOptions, poolOf } from './data-source.js';
import { migrateAt } from './migrate.js';

/** Where the database is, and how to leave it. */
export abstract class Database {
  abstract readonly url: string;
  /** Stops it if it was started for this process; does nothing otherwise. */
  abstract stop(): Promise<void>;
}

export const RETRY_FOR_MS = 30_000;
const RETRY_EVERY_MS = 1000;
const logger = new Logger('database');

export async function locate({ databaseUrl, embeddedDataDir }: StorageOptions): Promise<Database> {
  if (databaseUrl !== null) return { url: databaseUrl, stop: async () => undefined };
  // Loaded only when it is wanted: production images do not hold the package.
  const { startEmbeddedPostgres } = await import('@sallyport/embedded-postgres').catch(notInstalled);
  const embedded = await startEmbeddedPostgres({ dataDir: embeddedDataDir, onRestart, onLost }).catch(explained);
  return { url: embedded.url, stop: () => embedded.stop() };
}

function onRestart(): void {
  logger.warn('The embedded PostgreSQL has ended by itself; it is started again.');
}

/** Nothing could be answered any more, for ever: whoever supervises this process is to know. */
function onLost({ message }: Error): never {
  logger.error(`The embedded PostgreSQL has ended and cannot be started again: ${message.split('\n', 1)[0]}`);
  process.exit(1);
}

function notInstalled(cause: unknown): never {
  if ((cause as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
  throw new StartError('The embedded PostgreSQL is not installed here: set DATABASE_URL.', { cause });
}

/** What stands in its way, the supervisor says in whole sentences, and as plain errors since it knows nothing of this service. */
function explained(error: unknown): never {
  if (error instanceof Error && error.constructor === Error) throw new StartError(error.message, { cause: error });
  throw error;
}

/** Connects and migrates, trying again for half a minute: a database often starts beside the service. */
export async function connect(database: Database): Promise<DataSource> {
  const deadline = performance.now() + RETRY_FOR_MS;
  for (;;) {
    const dataSource = new DataSource(dataSourceOptions(database.url));
    try {
      await dataSource.initialize();
      listenForIdleErrors(dataSource);
      await migrateAt(database.url);
      return dataSource;
    } catch (cause) {
      if (dataSource.isInitialized) await dataSource.destroy();
      if (!isConnectionFailure(cause)) throw cause;
      if (performance.now() > deadline) {
        throw new DatabaseUnreachableError(cause);
      }
      logger.warn('The database in DATABASE_URL cannot be reached; trying again for up to 30 seconds.');
      await pause(RETRY_EVERY_MS);
    }
  }
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

/** The server may close a connection nobody is using; the pool replaces it, and only the error must not be fatal. */
function listenForIdleErrors(dataSource: DataSource): void {
  poolOf(dataSource).on('error', () => logger.warn('A connection to the database was lost.'));
}

function isConnectionFailure(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code ?? '');
  const message = error instanceof Error ? error.message : '';
  // Class 28: wrong password, 3D000: no such database. Both may be a server that is still being set up.
  return /^(E[A-Z]+|08...|57P0.|53...|28...|3D000)$/.test(code) || /timeout|terminated/i.test(message);
}
