import { createHash, randomBytes } from 'node:crypto';
import { UnusableFileError } from '../core/watched-file.js';

/** What messages call it. */
export const CLIENTS_FILE = 'the clients file';

/** A resource server that may ask: id and SHA-256 of its secret, base64url. */
export interface OauthClient {
  readonly id: string;
  readonly name: string;
  readonly secretDigest: string;
}

const ID = /^[\x21-\x7e]{1,64}$/;

/** SHA-256 is enough for a secret of 256 random bits; it is no password. */
export function digestSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** The clients in a file's text. Throws `UnusableFileError`. */
export function parseClients(text: string): OauthClient[] {
  const clients = parseArray(text).map((entry, index) => clientOf(entry, index + 1));
  if (new Set(clients.map(({ id }) => id)).size < clients.length) {
    throw new UnusableFileError('two clients of the clients file share an id');
  }
  return clients;
}

function parseArray(text: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UnusableFileError('the clients file is not a JSON array');
}

function clientOf(entry: unknown, position: number): OauthClient {
  const { id, name, secretDigest } = (entry ?? {}) as Partial<Record<keyof OauthClient, unknown>>;
  if (typeof id !== 'string' || !ID.test(id) || id.includes(':')) {
    throw new UnusableFileError(`client ${position} of the clients file has no usable id`);
  }
  if (typeof secretDigest !== 'string' || Buffer.from(secretDigest, 'base64url').length !== 32) {
    throw new UnusableFileError(`client ${position} of the clients file has no SHA-256 digest of a secret`);
  }
  return { id, name: typeof name === 'string' ? name : id, secretDigest };
}
