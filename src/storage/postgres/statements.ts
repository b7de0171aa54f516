import type { Pool, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { UnavailableError } from '../../core/app-error.js';

/** SQLSTATE classes that say "not now" rather than "wrong": connection, resources, shutdown, time-outs, locks, disk. */
const UNAVAILABLE = /^(08|53|57P|57014|55P03|58|25006|40001|40P01)/;
const DEADLOCK = '40P01';

/** Named prepared statements on the pool of the data source: planned once per connection, one round trip each. */
export class Statements {
  private readonly pool: Pool;

  constructor(dataSource: DataSource) {
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
  }

  /** Runs one statement under its name. Throws `UnavailableError` when the database does not answer. */
  async run<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const query = { name, text, values: [...values] };
    try {
      return (await this.pool.query<Row>(query)).rows;
    } catch (error) {
      // A deadlock's loser changed nothing, so it may simply ask again, once.
      if (sqlState(error) !== DEADLOCK) throw translated(error);
      return (await this.pool.query<Row>(query).catch((again: unknown) => Promise.reject(translated(again)))).rows;
    }
  }
}

function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : undefined;
}

function translated(error: unknown): unknown {
  const code = sqlState(error);
  // Without a five-letter SQLSTATE the server did not say it: the connection, the pool or a time-out did.
  const silent = code === undefined || !/^[0-9A-Z]{5}$/.test(code) || code === 'EPIPE';
  return silent || UNAVAILABLE.test(code) ? new UnavailableError('The database', error) : error;
}
