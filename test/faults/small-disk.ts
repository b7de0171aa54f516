import { execFile } from 'node:child_process';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SIZE = '320m';
const CHUNK = Buffer.alloc(256 * 1024);

/** A folder that can be filled without harm to anything else. */
export interface SmallDisk {
  /** Writes until there is no room left. */
  fill(): Promise<void>;
  empty(): Promise<void>;
  remove(): Promise<void>;
}

/** Makes this folder a file system of its own, in memory. Null where this user may not. */
export async function smallDisk(folder: string): Promise<SmallDisk | null> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=777`, 'tmpfs', folder]);
  } catch {
    return null;
  }
  const filler = join(folder, 'filler');
  return {
    fill: () => fillUp(folder, filler),
    empty: () => rm(filler, { force: true }),
    // Also while a process that is about to end still has a file there.
    remove: async () => void (await run('umount', ['-l', folder])),
  };
}

async function fillUp(folder: string, filler: string): Promise<void> {
  const file = await open(filler, 'a');
  try {
    for (let { bavail, bsize } = await statfs(folder); bavail > 0; { bavail, bsize } = await statfs(folder))
      await file.write(CHUNK, 0, Math.min(CHUNK.length, bavail * bsize));
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}
