import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { startGuarded } from './guarded-process.js';
import { OWNER_SETTING } from './running-postmaster.js';

const READY = 'ready to accept connections';
/** Crash recovery is part of a start. */
const START_MS = 60_000;
/** Fast shutdown writes everything out first; past this, PostgreSQL is cut off and recovers at the next start. */
const STOP_MS = 10_000;

const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * Refusals that pass by themselves: another start was faster; another program took the port between our look and
 * PostgreSQL's; or backends of a server that was killed are still on their way out.
 */
const PASSING = /could not bind|is still in use|lock file .* (already exists|is empty)/;

export interface Postmaster {
  readonly port: number;
  /** Resolves when the server is gone, and every process of its with it. Never fails. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL ended before it was ready; the message holds what it said. */
export class PostmasterFailed extends Error {
  readonly passes: boolean;

  constructor(log: string) {
    super(`PostgreSQL did not start: ${log.trim()}`);
    this.passes = PASSING.test(log);
  }
}

export interface Serving {
  readonly cluster: string;
  /** Null: any that is free. */
  readonly port: number | null;
  readonly durable: boolean;
  /** In `postmaster.pid`, of a server that is gone; null when the file is not there. */
  readonly stalePid: number | null;
}

/** Resolves when the server takes connections. */
export async function startPostmaster(
  binaries: Binaries,
  account: Account | null,
  { cluster, durable, stalePid, port: wanted }: Serving,
): Promise<Postmaster> {
  const port = wanted ?? (await freePort());
  const settings = [
    `${OWNER_SETTING}=${process.pid}`,
    ...['listen_addresses=127.0.0.1', 'unix_socket_directories='],
    ...(durable ? [] : NOT_DURABLE),
  ];
  const child = startGuarded({
    binary: binaries.postgres,
    args: ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    account,
    // PostgreSQL itself replaces a stale postmaster.pid, after making sure that no orphaned backend still writes to the
    // cluster. But while a process with the pid in that file exists, be it a zombie or another program, PostgreSQL takes
    // the file for a living server's, unless this variable says that the pid is its grandparent's. We do not remove the
    // file ourselves: another start may have replaced it since we looked.
    env: stalePid === null ? {} : { PG_GRANDPARENT_PID: String(stalePid) },
  });
  const stderr = child.stderr as Socket;
  const ended = once(child, 'close');
  const deadline = setTimeout(() => child.kill('SIGQUIT'), START_MS);

  try {
    await new Promise<void>((resolve, reject) => {
      let log = '';
      const read = (text: string): void => {
        log += text;
        if (!log.includes(READY)) return;
        stderr.off('data', read);
        resolve();
      };
      stderr.setEncoding('utf8').on('data', read);
      ended.then(() => reject(new PostmasterFailed(log)), reject);
    });
  } finally {
    clearTimeout(deadline);
  }

  // Still read, or PostgreSQL would block on a full pipe; but a process with nothing else to do may end, and the
  // watchdog then ends PostgreSQL.
  stderr.resume();
  stderr.unref();
  child.unref();

  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    child.ref();
    stderr.ref();
    child.kill('SIGINT');
    const impatience = setTimeout(() => child.kill('SIGQUIT'), STOP_MS);
    await ended;
    clearTimeout(impatience);
  };
  return { port, ended: ended.then(() => undefined), stop: () => (stopping ??= stop()) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
