import { chmod, mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Account, canReach } from './account.js';
import { nullOn } from './file-errors.js';

export interface DataFolder {
  /** PostgreSQL's own, mode 0700. */
  readonly cluster: string;
  /** Ours, mode 0700, beside the cluster: its password, who owns the running server, and the queue of starters. */
  readonly supervisor: string;
}

/** The one true path, so that two who write it differently meet in the same queue. Makes the parent folders. */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  const path = resolve(dataDir);
  const firstMade = await mkdir(dirname(path), { recursive: true });
  if (firstMade !== undefined) await letOthersThrough(firstMade, dirname(path));
  const cluster = (await nullOn(['ENOENT'], realpath(path))) ?? join(await realpath(dirname(path)), basename(path));
  const supervisor = `${cluster}.supervisor`;
  await mkdir(supervisor, { recursive: true, mode: 0o700 });
  return { cluster, supervisor };
}

/** A strict umask would shut PostgreSQL's user out of the parents. Only folders that we made ourselves are touched. */
async function letOthersThrough(first: string, last: string): Promise<void> {
  for (let folder = last; folder.length >= first.length; folder = dirname(folder)) await chmod(folder, 0o755);
}

export async function requireReachable(folder: DataFolder, account: Account | null): Promise<void> {
  const parent = dirname(folder.cluster);
  if (await canReach(account, parent)) return;
  throw new Error(
    `PostgreSQL does not run as root, and the user it runs as can't enter ${parent}: ` +
      'move the project to a folder open to all (such as /srv), start as an ordinary user, or set DATABASE_URL.',
  );
}
