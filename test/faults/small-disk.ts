import { execFile } from 'node:child_process';
import { chmod, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SIZE = '320m';
const CHUNK = Buffer.alloc(256 * 1024);

/** A folder that can be filled without harm to anything else. */
export interface Disk {
  readonly folder: string;
  /** False where no file system may be mounted: then it cannot be filled. */
  readonly isSmall: boolean;
  /** Writes until there is no room left. */
  fill(): Promise<void>;
  empty(): Promise<void>;
  remove(): Promise<void>;
}

/** A file system of its own in memory if this user may mount one, else just the folder. */
export async function smallDisk(folder: string): Promise<Disk> {
  const isSmall = await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', folder]).then(
    () => true,
    () => false,
  );
  await chmod(folder, 0o777);
  const filler = join(folder, 'filler');
  const empty = (): Promise<void> => rm(filler, { force: true });
  return {
    folder,
    isSmall,
    fill: () => fillUp(folder, filler),
    empty,
    remove: async () => {
      await empty();
      if (isSmall) await run('umount', ['-l', folder]);
    },
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
