import type { Client } from './client.js';

/** A request to a closed route whose own answer needs no store: what let it in, or kept it out, is the guard alone. */
export async function use(client: Client): Promise<string> {
  const { status, code } = await client.as('GET', '/users/nobody');
  return status === 404 ? 'let in' : code!;
}

export async function revoked(client: Client): Promise<boolean> {
  return (await use(client)) === 'session_revoked';
}
