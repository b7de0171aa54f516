import type { Pool, QueryResultRow } from 'pg';
import { mayAskAgain, translatedFault } from './postgres-fault.js';

/** A statement under the name by which each connection prepares it once. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export function statement(name: string, text: string): Statement {
  return { name, text };
}

/** Runs named prepared statements: planned once per connection, one round trip each. */
export class Statements {
  constructor(private readonly pool: Pick<Pool, 'query'>) {}

  /** The rows that a statement gives. Throws `UnavailableError` when the database does not answer or refuses us. */
  async run<Row extends QueryResultRow>(wanted: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return await this.ask<Row>(wanted, values).catch((error: unknown) => {
        if (!mayAskAgain(error)) throw error;
        return this.ask<Row>(wanted, values);
      });
    } catch (error) {
      throw translatedFault(error);
    }
  }

  private async ask<Row extends QueryResultRow>({ name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    return (await this.pool.query<Row>({ name, text, values: [...values] })).rows;
  }
}

/** An interval as Postgres reads it. */
export function ms(value: number): string {
  return `${value} ms`;
}
