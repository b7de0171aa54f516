import pg from 'pg';
import { SUPERUSER } from './cluster.js';
import { hasCode, nullOn } from './error-code.js';

const NO_SUCH_DATABASE = '3D000';
/** Another start made it between our question and our order: the second is the same, noticed a little later. */
const ALREADY_THERE = ['42P04', '23505'];

export function databaseUrl(port: number, password: string, database: string): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** Creates the database that the URL names, unless it is there. */
export async function ensureDatabase(url: string): Promise<void> {
  try {
    await query(url, 'SELECT 1');
  } catch (error) {
    if (!hasCode(error, NO_SUCH_DATABASE)) throw error;
    const maintenance = new URL(url);
    const database = decodeURIComponent(maintenance.pathname.slice(1));
    maintenance.pathname = '/postgres';
    await nullOn(ALREADY_THERE, query(maintenance.href, `CREATE DATABASE ${pg.escapeIdentifier(database)}`));
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
