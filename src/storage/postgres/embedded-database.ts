import { Logger } from '@nestjs/common';
import { StartError } from '../../core/start-error.js';
import { openDatabaseAt } from './database-at.js';
import type { OpenDatabase } from './database.js';

const logger = new Logger('database');

/** The embedded database whose cluster is in `dataDir`. It is stopped when it was started for this process. */
export async function openEmbeddedDatabase(dataDir: string, schema: string): Promise<OpenDatabase> {
  // Loaded only when it is wanted: production images do not hold the package.
  const { startEmbeddedPostgres } = await import('@sallyport/embedded-postgres').catch(notInstalled);
  const embedded = await startEmbeddedPostgres({ dataDir, onRestart, onLost }).catch(explained);
  try {
    const { pool, close } = await openDatabaseAt(embedded.url, schema);
    return { pool, close: () => close().then(() => embedded.stop()) };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
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
