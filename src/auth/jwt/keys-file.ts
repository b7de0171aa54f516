import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generateJwk, KeyError, type PrivateJwk, readJwk, type TimedKey } from './jwk.js';
import type { JwtAlgorithm } from './jwt.options.js';

/** The keys file cannot be used. The message is for whoever runs the service and holds no key material. */
export class KeysFileError extends Error {}

/** The keys in a file's text. Throws `KeysFileError`. */
export function parseKeys(text: string, algorithm: JwtAlgorithm): TimedKey[] {
  const keys = jwksOf(text).map((jwk, index) => {
    try {
      return readJwk(jwk, algorithm);
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      throw new KeysFileError(`key ${index + 1} of the keys file ${error.message}`, { cause: error });
    }
  });
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length)
    throw new KeysFileError('two keys of the keys file share a kid');
  return keys;
}

/** The entries of a JWK set as they stand. Throws `KeysFileError`. */
export function jwksOf(text: string): PrivateJwk[] {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw new KeysFileError('the keys file is not JSON');
  }
  const keys = (set as { keys?: unknown } | null)?.keys;
  const isSet = Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === 'object' && key !== null);
  if (!isSet) throw new KeysFileError('the keys file is not a JWK set with at least one key');
  return keys as PrivateJwk[];
}

export function readKeysFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new KeysFileError('the keys file cannot be read', { cause });
  }
}

/** Makes a keys file with one new key, readable by its owner alone. An existing one stays as it is. */
export function createKeysFile(path: string, algorithm: JwtAlgorithm): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = write(path, [generateJwk(algorithm)]);
  try {
    linkSync(draft, path); // fails when another instance was first, whose key is then everyone's
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

/** Puts new contents in place in one step: whoever reads sees the old file or the new one. */
export function replaceKeysFile(path: string, keys: PrivateJwk[]): void {
  renameSync(write(path, keys), path);
}

function write(path: string, keys: PrivateJwk[]): string {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  return draft;
}
