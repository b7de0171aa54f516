import fs from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cannotBe, readTextFile, UnusableFileError } from '../../core/watched-file.js';
import { generateJwk, KeyError, type PrivateJwk, readJwk, type TimedKey } from './jwk.js';
import type { JwtAlgorithm } from './jwt.options.js';

/** What messages call it. None of them holds key material. */
export const KEYS_FILE = 'the keys file';

/** The keys in a file's text. Throws `UnusableFileError`. */
export function parseKeys(text: string, algorithm: JwtAlgorithm): TimedKey[] {
  const keys = jwksOf(text).map((jwk, index) => {
    try {
      return readJwk(jwk, algorithm);
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      throw new UnusableFileError(`key ${index + 1} of the keys file ${error.message}`, { cause: error });
    }
  });
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length)
    throw new UnusableFileError('two keys of the keys file share a kid');
  return keys;
}

/** The entries of a JWK set as they stand. Throws `UnusableFileError`. */
export function jwksOf(text: string): PrivateJwk[] {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw new UnusableFileError('the keys file is not JSON');
  }
  const keys = (set as { keys?: unknown } | null)?.keys;
  const isSet = Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === 'object' && key !== null);
  if (!isSet) throw new UnusableFileError('the keys file is not a JWK set with at least one key');
  return keys as PrivateJwk[];
}

/** Makes a keys file with one new key, readable by its owner alone. An existing one stays as it is. */
export function createKeysFile(path: string, algorithm: JwtAlgorithm): void {
  attempt('made', () => {
    fs.mkdirSync(dirname(path), { recursive: true });
    const draft = write(path, [generateJwk(algorithm)]);
    try {
      fs.linkSync(draft, path); // fails when another instance was first, whose key is then everyone's
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      fs.rmSync(draft);
    }
  });
}

/**
 * Puts new contents in place in one step: whoever reads sees the old file or the new one. Who may read it stays: the command
 * that replaces it may be another user's than the service.
 */
export function replaceKeysFile(path: string, keys: PrivateJwk[]): void {
  attempt('changed', () => {
    const target = fs.realpathSync(path);
    const { uid, gid, mode } = fs.statSync(target);
    const draft = write(target, keys);
    try {
      if (uid !== process.getuid?.() || gid !== process.getgid?.()) fs.chownSync(draft, uid, gid);
      fs.chmodSync(draft, mode & 0o777);
      fs.renameSync(draft, target);
    } finally {
      fs.rmSync(draft, { force: true });
    }
  });
}

/** Changes the entries of the file as `change` says. Of several at once, each works on what the one before it left. */
export async function changeKeysFile(path: string, change: (jwks: PrivateJwk[]) => PrivateJwk[]): Promise<void> {
  const unlock = await lock(`${fs.realpathSync(path)}.lock`);
  try {
    replaceKeysFile(path, change(jwksOf(readTextFile(path, KEYS_FILE))));
  } finally {
    unlock();
  }
}

const LOCK_TRIES = 100;
const LOCK_PAUSE_MS = 50;

async function lock(path: string): Promise<() => void> {
  for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
    try {
      fs.closeSync(fs.openSync(path, 'wx', 0o600));
      return () => fs.rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotBe(KEYS_FILE, 'changed', error);
    }
    await pause(LOCK_PAUSE_MS);
  }
  throw new UnusableFileError(
    `the keys file is being changed by another command; if there is none, a dead one left ${path}, which you may remove`,
  );
}

function write(path: string, keys: PrivateJwk[]): string {
  const draft = `${path}.${process.pid}.draft`;
  // What a dead process of the same number left may have another mode.
  fs.rmSync(draft, { force: true });
  fs.writeFileSync(draft, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return draft;
}

function attempt(done: 'made' | 'changed', act: () => void): void {
  try {
    act();
  } catch (error) {
    throw cannotBe(KEYS_FILE, done, error);
  }
}
