import { chmod, mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Account, canReach } from './account.js';
import { nullOn } from './error-code.js';

/** The one true path of a cluster, so that two who write it differently find the same server. Makes the parent folders. */
export async function locateCluster(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  const firstMade = await mkdir(dirname(path), { recursive: true });
  if (firstMade !== undefined) await letOthersThrough(firstMade, dirname(path));
  return (await nullOn(['ENOENT'], realpath(path))) ?? join(await realpath(dirname(path)), basename(path));
}

/** A strict umask would shut PostgreSQL's user out of the parents. Only folders that we made ourselves are touched. */
async function letOthersThrough(first: string, last: string): Promise<void> {
  for (let folder = last; folder.length >= first.length; folder = dirname(folder)) await chmod(folder, 0o755);
}

export async function requireReachable(cluster: string, account: Account | null): Promise<void> {
  const parent = dirname(cluster);
  if (await canReach(account, parent)) return;
  throw new Error(
    `PostgreSQL does not run as root, and the user it runs as can't enter ${parent}: ` +
      'move the project to a folder open to all (such as /srv), start as an ordinary user, or set DATABASE_URL.',
  );
}
