import { KeyedHash } from '../../core/keyed-hash.js';
import { statement, type Statements } from './statements.js';

const READ = statement('shared_key', `SELECT key FROM shared_keys WHERE name = 'hash'`);

/** Keyed by what the schema holds: every instance on one database has the same key, and no setting is needed for it. */
export async function sharedHash(statements: Statements): Promise<KeyedHash> {
  const [row] = await statements.run<{ key: Buffer }>(READ);
  return new KeyedHash(row!.key);
}
