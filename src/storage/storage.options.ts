import type { OwnStores } from './own-stores.js';
import type { DatabaseOptions } from './postgres/database.options.js';

export abstract class StorageOptions {
  /** Where users, limits and the audit trail are. In memory they end with the process, which is for tests and demonstrations. */
  abstract readonly database: DatabaseOptions | 'memory';
  /** The schema of the database in which all our tables are; `sallyport` unless there is a reason. */
  abstract readonly schema: string;
  /** Where sessions and their tokens are; `postgres` is the same database, `own` the stores below. */
  abstract readonly sessionStore: 'postgres' | 'redis' | 'memory' | 'own';
  /** Needed when sessions are in Redis. */
  abstract readonly redisUrl: string | null;
  /**
   * Stores of your own, which ours then do not replace. No database is opened when none of ours needs one; what a known device shows is
   * then believed by the instance alone that it was given by, until it stops.
   */
  abstract readonly own?: OwnStores;
}
