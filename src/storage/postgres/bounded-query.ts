import type { ClientBase, QueryConfig } from 'pg';

/** A query as the driver takes it. Its types do not say that a query may bring its own bound, in milliseconds. */
export interface BoundedQuery extends QueryConfig {
  query_timeout?: number;
}

/** As `setTimeout` takes it at most. A query that brings no bound has that of its connection. */
const UNBOUNDED_MS = 2 ** 31 - 1;

/** Asks one connection, and waits for as long as it takes. */
export type Ask = <Row = unknown>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

export function askOn(client: Pick<ClientBase, 'query'>): Ask {
  return async <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const query: BoundedQuery = { text, values: [...values], query_timeout: UNBOUNDED_MS };
    return (await client.query(query)).rows as Row[];
  };
}
