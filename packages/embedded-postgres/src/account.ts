import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { hasCode, nullOn } from './error-code.js';

const run = promisify(execFile);

/** The user that PostgreSQL runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Null when PostgreSQL runs as the user of this process. PostgreSQL refuses to be root, so root lends it to the owner of
 * the cluster if there is one, else to `postgres` or, on a machine without that user, to `nobody`.
 */
export async function accountFor(cluster: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await nullOn(['ENOENT'], stat(cluster));
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = (await named('postgres')) ?? (await named('nobody'));
  if (account) return account;
  throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody": set DATABASE_URL.');
}

async function named(name: string): Promise<Account | null> {
  // `id` ends with 1 when there is no such user.
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => nullOn(['1'], run('id', [flag, name]))));
  return uid && gid ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null;
}

/** Whether that user can enter the folder, or run the file. Asked of the system itself: modes alone miss access lists. */
export async function canReach(account: Account | null, path: string): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { cwd: '/', ...account });
    return true;
  } catch (error) {
    if (hasCode(error, '1')) return false;
    if (!hasCode(error, 'EPERM', 'EINVAL')) throw error;
    throw new Error(
      'PostgreSQL does not run as root, and this root may not become another user: start as an ordinary user, or set DATABASE_URL.',
      { cause: error },
    );
  }
}
