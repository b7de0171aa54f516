import { chown, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { hasCode, nullOn } from './file-errors.js';
import { launch } from './launch.js';
import { launchGuarded } from './watchdog.js';

export const SUPERUSER = 'sallyport';
const MAJOR = '18';

/** False when there is none yet. Refuses a cluster that this PostgreSQL can't serve. */
export async function clusterExists(cluster: string): Promise<boolean> {
  const version = await nullOn(['ENOENT'], readFile(join(cluster, 'PG_VERSION'), 'utf8'));
  if (version === null) return false;
  if (version.trim() === MAJOR) return true;
  throw new Error(
    `${cluster} was made by PostgreSQL ${version.trim()}, and this one is ${MAJOR}: dump it with the old version, or move it away.`,
  );
}

export interface NewCluster {
  readonly password: string;
  readonly durable: boolean;
}

/** Made in a sibling folder and moved into place when complete: a cluster exists whole or not at all. */
export async function createCluster(
  cluster: string,
  binaries: Binaries,
  account: Account | null,
  { password, durable }: NewCluster,
): Promise<void> {
  await removeDrafts(cluster);
  const draft = await mkdtemp(draftPrefix(cluster));
  try {
    const passwordFile = join(draft, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account) {
      await chown(passwordFile, account.uid, account.gid);
      await chown(draft, account.uid, account.gid);
    }
    await initdb(binaries, account, [
      ...['-D', join(draft, 'data'), '-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
      ...['--no-instructions', ...(durable ? [] : ['--no-sync'])],
    ]);
    await rename(join(draft, 'data'), cluster);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
    throw new Error(`${cluster} is not empty and holds no database: move it away, or choose another folder.`, {
      cause: error,
    });
  } finally {
    await rm(draft, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function initdb(binaries: Binaries, account: Account | null, args: string[]): Promise<void> {
  const child = launchGuarded(account, () => launch(binaries.initdb, args, account, ['ignore', 'ignore', 'pipe']));
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`initdb failed: ${complaint.trim()}`);
}

/** What starts that were killed half-way have left. */
async function removeDrafts(cluster: string): Promise<void> {
  const parent = dirname(cluster);
  const drafts = (await readdir(parent)).filter((name) => name.startsWith(basename(draftPrefix(cluster))));
  await Promise.all(drafts.map((name) => rm(join(parent, name), { recursive: true, force: true, maxRetries: 5 })));
}

function draftPrefix(cluster: string): string {
  return `${cluster}.initdb-`;
}
