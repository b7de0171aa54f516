import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { launch } from './launch.js';
import { launchGuarded } from './watchdog.js';

const READY = 'ready to accept connections';
/** Crash recovery is part of a start. */
const START_MS = 60_000;
/** Fast shutdown writes everything out first; past this, PostgreSQL is cut off and recovers at the next start. */
const STOP_MS = 10_000;

const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

export interface Postmaster {
  readonly pid: number;
  stop(): Promise<void>;
}

/** PostgreSQL ended before it was ready; `log` is what it said. */
export class PostmasterFailed extends Error {
  constructor(readonly log: string) {
    super(`PostgreSQL did not start: ${log.trim()}`);
  }
}

export interface Serving {
  readonly cluster: string;
  readonly port: number;
  readonly durable: boolean;
}

/** Resolves when the server takes connections. */
export async function startPostmaster(
  binaries: Binaries,
  account: Account | null,
  { cluster, port, durable }: Serving,
): Promise<Postmaster> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...(durable ? [] : NOT_DURABLE)];
  const args = ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const child = launchGuarded(account, () => launch(binaries.postgres, args, account, ['ignore', 'ignore', 'pipe']));
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
  return { pid: child.pid as number, stop: () => (stopping ??= stop()) };
}
