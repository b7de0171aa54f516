import pg from 'pg';
import { hasCode } from './file-errors.js';
import { SUPERUSER } from './cluster.js';

export interface Server {
  readonly port: number;
  readonly password: string;
}

export function databaseUrl({ port, password }: Server, database: string): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** Creates the database unless it is there. */
export async function ensureDatabase(server: Server, database: string): Promise<void> {
  try {
    await query(databaseUrl(server, database), 'SELECT 1');
  } catch (error) {
    if (!hasCode(error, '3D000')) throw error;
    await query(databaseUrl(server, 'postgres'), `CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  }
}

/** Whether the failure is that of a server which is going away. */
export function isGoingAway(error: unknown): boolean {
  return hasCode(error, 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03') || saysTerminated(error);
}

/** The driver has no code for a connection that ends before the server has said a word. */
function saysTerminated(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Connection terminated');
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // A server that stops cuts idle connections too, and an error event that nobody hears ends the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
