import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { hasCode, nullOn } from './error-code.js';

const run = promisify(execFile);

const POLL_MS = 10;
/** Fast shutdown writes everything out first. */
const FAST_MS = 10_000;
/** Immediate shutdown writes nothing, and the next start recovers. */
const IMMEDIATE_MS = 5_000;

/** The process that starts a server and will stop it; named on the server's own command line, for all to read. */
export const OWNER_SETTING = 'sallyport.owner';

/** What `postmaster.pid` in the cluster's folder says. PostgreSQL writes it, and nobody else does. */
export interface PidFile {
  /** NaN in the moment between making the file and writing it. */
  readonly pid: number;
  readonly port: number;
  /** It takes connections: false while it starts, recovers or stops. */
  readonly isReady: boolean;
}

/** Null when no server runs, and the last one was stopped in order. */
export async function readPidFile(cluster: string): Promise<PidFile | null> {
  const text = await nullOn(['ENOENT', 'ENOTDIR'], readFile(join(cluster, 'postmaster.pid'), 'utf8'));
  if (text === null) return null;
  const lines = text.split('\n');
  return { pid: Number.parseInt(lines[0]!, 10), port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
}

/**
 * Whether the process in the file is our server of that cluster: `owned` while the process that started it lives,
 * `abandoned` when that process has died. `gone` when the server has ended, even if another program was given its pid.
 */
export async function stateOf({ pid, port }: PidFile, cluster: string): Promise<'owned' | 'abandoned' | 'gone'> {
  const living = Number.isNaN(pid) ? null : await livingProcess(pid);
  const [, owner] = living?.command.split(`-D ${cluster} -p ${port} -c ${OWNER_SETTING}=`) ?? [];
  if (living === null || owner === undefined) return 'gone';
  // A child whose parent has died is given to another parent by the system.
  return Number.parseInt(owner, 10) === living.parent ? 'owned' : 'abandoned';
}

/**
 * Whether another process that lives started the last server of that cluster, and so starts it again if it has ended by itself.
 * Its pid may by now be a stranger's: believe it for a while only.
 */
export async function isSupervised(cluster: string): Promise<boolean> {
  // PostgreSQL writes its command line there at each start, and leaves it.
  const command = await nullOn(['ENOENT', 'ENOTDIR'], readFile(join(cluster, 'postmaster.opts'), 'utf8'));
  const owner = Number(command?.split(`${OWNER_SETTING}=`)[1]?.match(/^\d+/)?.[0] ?? NaN);
  return !Number.isNaN(owner) && owner !== process.pid && (await livingProcess(owner)) !== null;
}

/** Ends a server whose owner has died, most often one that its watchdog is ending at this moment. */
export async function endAbandoned(file: PidFile, cluster: string): Promise<void> {
  signal(file.pid, 'SIGINT');
  if (await goneWithin(FAST_MS, file, cluster)) return;
  signal(file.pid, 'SIGQUIT');
  if (await goneWithin(IMMEDIATE_MS, file, cluster)) return;
  throw new Error(
    `A PostgreSQL without an owner (process ${file.pid}) still uses ${cluster} and does not end: stop it by hand.`,
  );
}

async function goneWithin(ms: number, file: PidFile, cluster: string): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await pause(POLL_MS)) {
    if ((await stateOf(file, cluster)) === 'gone') return true;
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

interface LivingProcess {
  readonly parent: number;
  /** The command line, with blanks between its words. Empty for a zombie, which first processes of containers keep. */
  readonly command: string;
}

async function livingProcess(pid: number): Promise<LivingProcess | null> {
  if (process.platform !== 'linux') {
    // `ps` ends with 1 when there is no such process.
    const answer = await nullOn(['1'], run('/bin/ps', ['-ww', '-o', 'ppid=,args=', '-p', String(pid)]));
    const [, parent, command] = /^\s*(\d+)\s(.*)/.exec(answer?.stdout ?? '') ?? [];
    return command === undefined ? null : { parent: Number(parent), command };
  }
  const [stat, words] = await Promise.all(
    ['stat', 'cmdline'].map((name) => nullOn(['ENOENT', 'ESRCH'], readFile(`/proc/${pid}/${name}`, 'utf8'))),
  );
  if (!stat || !words) return null;
  // The name stands in brackets and may itself hold blanks and brackets, so the fields are counted from the last one.
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return { parent, command: words.replaceAll('\0', ' ') };
}
