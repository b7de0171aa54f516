import fs from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cannotBe, readTextFile, UnusableFileError } from './text-file.js';

const LOCK_TRIES = 100;
const LOCK_PAUSE_MS = 50;

/** Makes the file with this text, for the eyes of its owner alone. A file that is there stays. Throws `UnusableFileError`. */
export function createFile(path: string, setting: string, text: string): void {
  attempt('made', setting, () => {
    fs.mkdirSync(dirname(path), { recursive: true });
    const draft = write(path, text);
    try {
      fs.linkSync(draft, path); // fails when another process was first, whose file is then everyone's
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      fs.rmSync(draft);
    }
  });
}

/**
 * Changes the text of a file in one step, so that a running service reads the old text or the new one. Of several changes at
 * once, also by other processes, each works on what the one before it left. `change` is given null when there is no file, and
 * what it throws leaves everything as it was. Throws `UnusableFileError`.
 *
 * @example
 * await changeFile(path, 'OAUTH_CLIENTS_FILE', (text) => withClient(text ?? '[]', client));
 */
export async function changeFile(
  path: string,
  setting: string,
  change: (text: string | null) => string,
): Promise<void> {
  const target = attempt('changed', setting, () => {
    fs.mkdirSync(dirname(path), { recursive: true });
    // A link stays; what it leads to is changed.
    return fs.existsSync(path) ? fs.realpathSync(path) : path;
  });
  const unlock = await lock(`${target}.lock`, setting);
  try {
    const text = change(fs.existsSync(target) ? readTextFile(target, setting) : null);
    attempt('changed', setting, () => replace(target, text));
  } finally {
    unlock();
  }
}

/** Who may read the file stays: the command that replaces it may be another user's than the service. */
function replace(path: string, text: string): void {
  const before = fs.statSync(path, { throwIfNoEntry: false });
  const draft = write(path, text);
  try {
    if (before) {
      const { uid, gid, mode } = before;
      if (uid !== process.getuid?.() || gid !== process.getgid?.()) fs.chownSync(draft, uid, gid);
      fs.chmodSync(draft, mode & 0o777);
    }
    fs.renameSync(draft, path);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

async function lock(path: string, setting: string): Promise<() => void> {
  for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
    try {
      fs.closeSync(fs.openSync(path, 'wx', 0o600));
      return () => fs.rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotBe('changed', setting, error);
    }
    await pause(LOCK_PAUSE_MS);
  }
  throw new UnusableFileError(
    setting,
    `the file is being changed by another command; if there is none, a dead one left ${path}, which you may remove`,
  );
}

function write(path: string, text: string): string {
  const draft = `${path}.${process.pid}.draft`;
  // What a dead process of the same number left may have another mode.
  fs.rmSync(draft, { force: true });
  fs.writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
  return draft;
}

function attempt<T>(done: 'made' | 'changed', setting: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw cannotBe(done, setting, error);
  }
}
