import { setTimeout as pause } from 'node:timers/promises';
import { databaseUrl, ensureDatabase, isGoingAway } from './database.js';
import type { DataFolder } from './data-folder.js';
import { livingOwner, readPassword } from './owner.js';
import { endAbandoned, runningPostmaster } from './postmaster-pid.js';

const PATIENCE_MS = 20_000;
const POLL_MS = 20;

/**
 * The address of the server that already runs on that folder, or null when none does, in which case it is the caller's to
 * start. A server whose owner has died is ended first: nobody would ever stop it.
 */
export async function joinRunning(folder: DataFolder, database: string): Promise<string | null> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await pause(POLL_MS)) {
    const pid = await runningPostmaster(folder.cluster);
    if (pid === null) return null;
    const [owner, password] = await Promise.all([livingOwner(folder.supervisor, pid), readPassword(folder.supervisor)]);
    if (owner === null || password === null) {
      await endAbandoned(pid, folder.cluster);
      return null;
    }
    const server = { port: owner.port, password };
    try {
      await ensureDatabase(server, database);
      return databaseUrl(server, database);
    } catch (error) {
      // Its owner is stopping it at this moment; soon it is gone and ours to start.
      if (!isGoingAway(error) || Date.now() > deadline) throw error;
    }
  }
}
