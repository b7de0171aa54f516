export abstract class StorageOptions {
  abstract readonly sessionStore: 'postgres' | 'redis' | 'memory';
  /** Null: the embedded database. */
  abstract readonly databaseUrl: string | null;
  abstract readonly redisUrl: string | null;
  /** Where the embedded database keeps its cluster. */
  abstract readonly embeddedDataDir: string;
}
