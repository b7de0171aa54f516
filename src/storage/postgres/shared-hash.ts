import { KeyedHash } from '../../core/keyed-hash.js';
import { StartError } from '../../core/start-error.js';
import { StoreTrouble } from '../../core/store-trouble.js';
import { statement, type Statements } from './statements.js';

const READ = statement('shared_key', `SELECT key FROM sallyport.shared_keys WHERE name = 'hash'`);

/**
 * Keyed by what the schema holds: every instance on one database has the same key, and no setting is needed for it. Throws
 * `StartError` when there is no key, or it may not be read.
 */
export async function sharedHash(statements: Statements): Promise<KeyedHash> {
  const [row] = await statements.run<{ key: Buffer }>(READ).catch(explained);
  if (!row)
    throw new StartError('The table shared_keys is empty: restore it, or insert 32 random bytes under the name hash.');
  return new KeyedHash(row.key);
}

function explained(error: unknown): never {
  if (!(error instanceof StoreTrouble)) throw error;
  throw new StartError(`The table shared_keys cannot be read. ${error.trouble}`, { cause: error });
}
