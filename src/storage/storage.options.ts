import type { DatabaseOptions } from './postgres/database.options.js';

export abstract class StorageOptions {
  /** Where users, limits and the audit trail are. In memory they end with the process, which is for tests and demonstrations. */
  abstract readonly database: DatabaseOptions | 'memory';
  /** The schema of the database in which all our tables are; `sallyport` unless there is a reason. */
  abstract readonly schema: string;
  /** Where sessions and their tokens are; `postgres` is the same database. */
  abstract readonly sessionStore: 'postgres' | 'redis' | 'memory';
  /** Needed when sessions are in Redis. */
  abstract readonly redisUrl: string | null;
}
