import type { Pool } from 'pg';

/** A database whose tables are up to date. */
export interface OpenDatabase {
  readonly pool: Pool;
  /** How long a statement may take, in milliseconds, where the connections do not say it themselves. */
  readonly withinMs?: number;
  /** Leaves it as it was found. */
  close(): Promise<void>;
}
