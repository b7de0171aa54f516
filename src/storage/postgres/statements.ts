import { createHash } from 'node:crypto';
import type { Pool, QueryResultRow } from 'pg';
import type { BoundedQuery } from './bounded-query.js';
import { mayAskAgain, translatedFault } from './postgres-fault.js';
import { inSchema, SCHEMA } from './schema.js';

/** A statement under the name by which each connection prepares it once. It names the schema of everything that is ours. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** The connections may be an application's, which prepares statements of its own: so no name goes without our prefix. */
export function statement(name: string, text: string): Statement {
  return { name: `sallyport_${name}`, text };
}

export interface StatementsOptions {
  /** Where the tables are. */
  readonly schema?: string;
  /** How long a statement may take, in milliseconds, where the connections themselves do not say. */
  readonly withinMs?: number;
}

/** Runs named prepared statements: planned once per connection, one round trip each. */
export class Statements {
  private readonly schema: string;
  private readonly bound: Pick<BoundedQuery, 'query_timeout'>;
  /** Those that were asked for, as they are spelled for the schema. */
  private readonly spelled = new Map<Statement, Statement>();

  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    { schema = SCHEMA, withinMs }: StatementsOptions = {},
  ) {
    this.schema = schema;
    this.bound = withinMs === undefined ? {} : { query_timeout: withinMs };
  }

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

  private async ask<Row extends QueryResultRow>(wanted: Statement, values: readonly unknown[]): Promise<Row[]> {
    const { name, text } = this.schema === SCHEMA ? wanted : this.spell(wanted);
    const query: BoundedQuery = { ...this.bound, name, text, values: [...values] };
    return (await this.pool.query<Row>(query)).rows;
  }

  private spell(wanted: Statement): Statement {
    const spelled = this.spelled.get(wanted) ?? spelledFor(wanted, this.schema);
    this.spelled.set(wanted, spelled);
    return spelled;
  }
}

/** One connection may serve two schemas, and a prepared statement's name has room for 63 bytes: a digest stands for the schema. */
function spelledFor({ name, text }: Statement, schema: string): Statement {
  const digest = createHash('sha256').update(schema).digest('hex').slice(0, 8);
  return { name: `${name}_${digest}`, text: inSchema(text, schema) };
}

/** An interval as Postgres reads it. */
export function ms(value: number): string {
  return `${value} ms`;
}
