import type { OpenDatabase } from './database.js';
import { openDatabaseAt } from './database-at.js';
import type { DatabaseOptions } from './database.options.js';
import { openEmbeddedDatabase } from './embedded-database.js';
import { openHostDatabase } from './host-database.js';

/** Throws `StartError` when it cannot be reached for half a minute, or cannot be used. */
export async function openDatabase(where: DatabaseOptions, schema: string): Promise<OpenDatabase> {
  if ('dataSource' in where) return openHostDatabase(where, schema);
  return 'url' in where ? openDatabaseAt(where.url, schema) : openEmbeddedDatabase(where.embeddedIn, schema);
}
