import { chmod, cp, lstat, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCode, nullOn } from './error-code.js';

/**
 * A copy of the native folder in the temporary folder, for when the original lies where PostgreSQL's user can't go (below
 * root's home, say) or can't be completed. It is kept for the next start: one for each version and user.
 */
export async function copyNative(native: string): Promise<string> {
  const { version }: { version: string } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8'));
  const place = join(tmpdir(), `sallyport-postgres-${version}-${process.getuid?.()}`);
  if (!(await isOurs(place)) || !(await isComplete(place, native))) await copyTo(place, native);
  return join(place, 'native');
}

/** The temporary folder is everybody's: a folder with this name that we did not make would run a stranger's program. */
async function isOurs(place: string): Promise<boolean> {
  const found = await nullOn(['ENOENT'], lstat(place));
  if (found === null) return false;
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return true;
  throw new Error(`${place} was made by somebody else: remove it, or set DATABASE_URL.`);
}

/** Cleaners of temporary folders take single old files away. */
async function isComplete(place: string, native: string): Promise<boolean> {
  const [copied, original] = await Promise.all([filesIn(join(place, 'native')), filesIn(native)]);
  const there = new Set(copied);
  return original.every((file) => there.has(file));
}

async function filesIn(folder: string): Promise<string[]> {
  return (await nullOn(['ENOENT'], readdir(folder, { recursive: true }))) ?? [];
}

async function copyTo(place: string, native: string): Promise<void> {
  const draft = await mkdtemp(`${place}-`);
  try {
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await openToAll(draft);
    await rm(place, { recursive: true, force: true });
    await rename(draft, place);
  } catch (error) {
    // Another start of ours was faster, and its copy is as good.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, ((await lstat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
