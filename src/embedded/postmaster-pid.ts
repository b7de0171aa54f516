import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasCode, nullOn } from './file-errors.js';
import { servesCluster } from './processes.js';

const POLL_MS = 10;
const FAST_MS = 10_000;
const IMMEDIATE_MS = 5_000;

/** Above what any system gives to a process. */
const NOBODYS_PID = '999999999';

/** The server of that cluster, if it runs. */
export async function runningPostmaster(cluster: string): Promise<number | null> {
  const pid = await writtenPid(cluster);
  return pid !== null && (await servesCluster(pid, cluster)) ? pid : null;
}

/**
 * Makes a `postmaster.pid` that nobody stands behind harmless. PostgreSQL takes such a file away itself, after making
 * sure that no orphaned backend still writes to the cluster; it only fails to see that the pid is a zombie's or now
 * another program's. So the pid is overwritten, and the rest of the file left for that check.
 */
export async function clearStalePid(cluster: string): Promise<void> {
  const path = pidFile(cluster);
  const text = await nullOn(['ENOENT'], readFile(path, 'utf8'));
  if (text === null) return;
  const [pid, ...rest] = text.split('\n');
  if (/^\d+$/.test(pid)) await writeFile(path, [NOBODYS_PID, ...rest].join('\n'));
  else await rm(path, { force: true });
}

/** Ends a server whose owner has died, most often one that its watchdog is ending at this moment. */
export async function endAbandoned(pid: number, cluster: string): Promise<void> {
  signal(pid, 'SIGINT');
  if (await goneWithin(FAST_MS, pid, cluster)) return;
  signal(pid, 'SIGQUIT');
  if (await goneWithin(IMMEDIATE_MS, pid, cluster)) return;
  throw new Error(
    `A PostgreSQL without an owner (process ${pid}) still uses ${cluster} and does not end: stop it by hand.`,
  );
}

async function goneWithin(ms: number, pid: number, cluster: string): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await pause(POLL_MS)) {
    if (!(await servesCluster(pid, cluster))) return true;
  }
  return false;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

async function writtenPid(cluster: string): Promise<number | null> {
  const text = await nullOn(['ENOENT'], readFile(pidFile(cluster), 'utf8'));
  const pid = Number.parseInt(text ?? '', 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}
