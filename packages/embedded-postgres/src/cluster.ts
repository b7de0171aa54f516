import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { hasCode, nullOn } from './error-code.js';
import { startGuarded } from './guarded-process.js';

export const SUPERUSER = 'sallyport';
const MAJOR = '18';
/** Kept inside the cluster: both come into being by one rename, so there is never a cluster without its password. */
const PASSWORD_FILE = 'sallyport.password';

/** False when there is none yet. Refuses a cluster that this PostgreSQL can't serve. */
export async function clusterExists(cluster: string): Promise<boolean> {
  const version = await nullOn(['ENOENT', 'ENOTDIR'], readFile(join(cluster, 'PG_VERSION'), 'utf8'));
  if (version === null) return false;
  if (version.trim() === MAJOR) return true;
  throw new Error(
    `${cluster} was made by PostgreSQL ${version.trim()}, and this one is ${MAJOR}: dump it with the old version, or move it away.`,
  );
}

export async function readPassword(cluster: string): Promise<string> {
  const password = await nullOn(['ENOENT'], readFile(join(cluster, PASSWORD_FILE), 'utf8'));
  if (password !== null) return password;
  throw new Error(
    `${cluster} holds a database without ${PASSWORD_FILE}: bring that file back, or move the folder away.`,
  );
}

/**
 * Makes the cluster in a sibling folder and moves it into place when it is complete: it exists whole or not at all. When
 * several do so at once the first rename wins, and the others find that the cluster is there.
 */
export async function createCluster(
  cluster: string,
  binaries: Binaries,
  account: Account | null,
  durable: boolean,
): Promise<void> {
  const draft = await mkdtemp(draftPrefix(cluster));
  try {
    const password = join(draft, 'password');
    await writeFile(password, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true });
    if (account) {
      await chown(password, account.uid, account.gid);
      await chown(draft, account.uid, account.gid);
    }
    await initdb(binaries, account, [
      ...['-D', join(draft, 'data'), '-U', SUPERUSER, `--pwfile=${password}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
      ...['--no-instructions', ...(durable ? [] : ['--no-sync'])],
    ]);
    await rename(password, join(draft, 'data', PASSWORD_FILE));
    await rename(join(draft, 'data'), cluster);
  } catch (error) {
    // Another start has moved its cluster into place, and may have tidied our draft away.
    if (await clusterExists(cluster)) return;
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
    throw new Error(`${cluster} is not empty and holds no database: move it away, or choose another folder.`, {
      cause: error,
    });
  } finally {
    await remove(draft);
  }
}

/** What starts that were killed half-way have left. Only for when the cluster is there: nobody needs a draft any more. */
export async function removeDrafts(cluster: string): Promise<void> {
  const parent = dirname(cluster);
  const drafts = (await readdir(parent)).filter((name) => name.startsWith(basename(draftPrefix(cluster))));
  await Promise.all(drafts.map((name) => remove(join(parent, name))));
}

async function initdb(binaries: Binaries, account: Account | null, args: string[]): Promise<void> {
  const child = startGuarded({ binary: binaries.initdb, args, account });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`initdb failed: ${complaint.trim()}`);
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function draftPrefix(cluster: string): string {
  return `${cluster}.initdb-`;
}
