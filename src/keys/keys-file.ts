import { existsSync, statSync } from 'node:fs';
import { changeFile, createFile } from '../core/replaced-file.js';
import { readTextFile, UnusableFileError } from '../core/text-file.js';
import { generateJwk } from './generated-jwk.js';
import { KeyError, type PrivateJwk, readJwk, type TimedKey } from './jwk.js';
import { signingAt } from './key-rotation.js';
import type { JwtAlgorithm, KeysOptions } from './keys.options.js';

/** What messages call the file: the setting that names it. None of them holds key material. */
export const KEYS_FILE = 'JWT_KEYS_FILE';

/** Refuses a file with which the service could not start at this time. Throws `UnusableFileError`. Reads, and changes nothing. */
export function requireKeys({ inUse, file, algorithm, mayGenerate, mustBePrivate }: KeysOptions, now: number): void {
  if (!inUse || (mayGenerate && !existsSync(file))) return;
  requireSigningKey(parseKeys(readTextFile(file, KEYS_FILE), algorithm), now);
  if (mustBePrivate && isForOthers(file))
    throw new UnusableFileError(KEYS_FILE, 'others may read the file: chmod o-r, as its keys sign for everybody');
}

/** Whether users who neither own the file nor are in its group may read it. Windows keeps no such bits. */
function isForOthers(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o004) !== 0;
}

/** Throws `UnusableFileError` when none of the keys signs at this time. */
export function requireSigningKey(keys: readonly TimedKey[], now: number): void {
  if (!signingAt(keys, now)) throw new UnusableFileError(KEYS_FILE, 'no key is in its time of use');
}

/** The keys in a file's text. Throws `UnusableFileError`. */
export function parseKeys(text: string, algorithm: JwtAlgorithm): TimedKey[] {
  const keys = jwksOf(text).map((jwk, index) => {
    try {
      return readJwk(jwk, algorithm);
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      throw new UnusableFileError(KEYS_FILE, `key ${index + 1} ${error.message}`, { cause: error });
    }
  });
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length)
    throw new UnusableFileError(KEYS_FILE, 'two keys share a kid');
  return keys;
}

/** The entries of a JWK set as they stand. Throws `UnusableFileError`. */
export function jwksOf(text: string): PrivateJwk[] {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    // Without its cause: the message of the parser holds a piece of the text.
    throw new UnusableFileError(KEYS_FILE, 'the file is not JSON');
  }
  const keys = (set as { keys?: unknown } | null)?.keys;
  const isSet = Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === 'object' && key !== null);
  if (!isSet) throw new UnusableFileError(KEYS_FILE, 'the file is not a JWK set with at least one key');
  return keys as PrivateJwk[];
}

/** Makes a keys file with one new key, readable by its owner alone. An existing one stays as it is. Throws `UnusableFileError`. */
export function createKeysFile(path: string, algorithm: JwtAlgorithm): void {
  createFile(path, KEYS_FILE, textOf([generateJwk(algorithm)]));
}

/**
 * Changes the entries of the file as `change` says. Of several changes at once, each works on what the one before it left.
 * Throws `UnusableFileError`, also when there is no file.
 */
export async function changeKeysFile(path: string, change: (jwks: PrivateJwk[]) => PrivateJwk[]): Promise<void> {
  await changeFile(path, KEYS_FILE, (text) => {
    if (text === null) throw new UnusableFileError(KEYS_FILE, 'the file is not there');
    return textOf(change(jwksOf(text)));
  });
}

function textOf(keys: PrivateJwk[]): string {
  return `${JSON.stringify({ keys }, null, 2)}\n`;
}
