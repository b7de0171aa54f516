import type { Pool, QueryResultRow } from 'pg';
import { UnavailableError } from '../../core/app-error.js';

/** A statement under the name by which each connection prepares it once. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export function statement(name: string, text: string): Statement {
  return { name, text };
}

export const PING = statement('ping', 'SELECT 1');

/** SQLSTATE classes that say "not now" rather than "wrong": connection, resources, shutdown, time-outs, locks, disk. */
const UNAVAILABLE = /^(08|53|57P|57014|55P03|58|25006|40001|40P01)/;
const DEADLOCK = '40P01';

/** Runs named prepared statements: planned once per connection, one round trip each. */
export class Statements {
  constructor(private readonly pool: Pick<Pool, 'query'>) {}

  /** The rows that a statement gives. Throws `UnavailableError` when the database does not answer. */
  async run<Row extends QueryResultRow>({ name, text }: Statement, values: readonly unknown[] = []): Promise<Row[]> {
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

/** An interval as Postgres reads it. */
export function ms(value: number): string {
  return `${value} ms`;
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
