import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { changeFile } from '../core/replaced-file.js';
import { readTextFile, UnusableFileError } from '../core/text-file.js';
import type { OauthOptions } from './oauth.options.js';

/** What messages call the file: the setting that names it. */
export const CLIENTS_FILE = 'OAUTH_CLIENTS_FILE';

/** A resource server that may ask: id and SHA-256 of its secret, base64url. */
export interface OauthClient {
  readonly id: string;
  readonly name: string;
  readonly secretDigest: string;
}

const ID = /^[\x21-\x7e]{1,64}$/;
/** 32 bytes as base64url. */
const DIGEST = /^[\w-]{43}$/;

/** SHA-256 is enough for a secret of 256 random bits; it is no password. */
export function digestSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Refuses a file with which the service could not start. Throws `UnusableFileError`. Reads, and changes nothing. */
export function requireClients(options: OauthOptions): void {
  const { clientsFile, clientsFileMayBeAbsent } = options;
  if (clientsFile === null || (clientsFileMayBeAbsent && !existsSync(clientsFile))) return;
  parseClients(readTextFile(clientsFile, CLIENTS_FILE));
}

/** The clients in a file's text. Throws `UnusableFileError`. */
export function parseClients(text: string): OauthClient[] {
  const clients = parseArray(text).map((entry, index) => clientOf(entry, index + 1));
  if (new Set(clients.map(({ id }) => id)).size < clients.length) {
    throw new UnusableFileError(CLIENTS_FILE, 'two clients share an id');
  }
  return clients;
}

/**
 * Changes the list as `change` says; a missing file is an empty list. Of several changes at once, each works on what the one
 * before it left. Throws `UnusableFileError`.
 */
export async function changeClients(path: string, change: (clients: OauthClient[]) => OauthClient[]): Promise<void> {
  await changeFile(path, CLIENTS_FILE, (text) => {
    const clients = change(text === null ? [] : parseClients(text));
    return `${JSON.stringify(clients, null, 2)}\n`;
  });
}

function parseArray(text: string): unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Without its cause: the message of the parser holds a piece of the text.
    throw new UnusableFileError(CLIENTS_FILE, 'the file is not JSON');
  }
  if (Array.isArray(parsed)) return parsed;
  throw new UnusableFileError(CLIENTS_FILE, 'the file is not a list of clients');
}

function clientOf(entry: unknown, position: number): OauthClient {
  const { id, name, secretDigest } = (entry ?? {}) as Partial<Record<keyof OauthClient, unknown>>;
  if (typeof id !== 'string' || !ID.test(id) || id.includes(':')) {
    throw new UnusableFileError(CLIENTS_FILE, `client ${position} has no usable id`);
  }
  if (typeof secretDigest !== 'string' || !DIGEST.test(secretDigest)) {
    throw new UnusableFileError(CLIENTS_FILE, `client ${position} has no SHA-256 digest of a secret`);
  }
  return { id, name: typeof name === 'string' ? name : id, secretDigest };
}
