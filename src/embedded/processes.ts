import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { nullOn } from './file-errors.js';

const run = promisify(execFile);

export interface LivingProcess {
  readonly name: string;
  /** When it began, as the system counts. Pid and start together name a process: a pid alone is soon given to another. */
  readonly started: string;
}

/**
 * Null when the process is gone. A zombie counts as gone: a first process that reaps nothing, common in containers,
 * keeps zombies for ever, and signal 0 still finds them.
 */
export async function livingProcess(pid: number): Promise<LivingProcess | null> {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

async function fromProc(pid: number): Promise<LivingProcess | null> {
  const line = await nullOn(['ENOENT', 'ESRCH'], readFile(`/proc/${pid}/stat`, 'utf8'));
  if (line === null) return null;
  // The name stands in brackets and may itself hold blanks and brackets, so the fields are counted from the last one.
  const end = line.lastIndexOf(')');
  const fields = line.slice(end + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return { name: line.slice(line.indexOf('(') + 1, end), started: fields[19] };
}

async function fromPs(pid: number): Promise<LivingProcess | null> {
  // `ps` ends with 1 when there is no such process.
  const answer = await nullOn(['1'], run('/bin/ps', ['-o', 'stat=,lstart=,ucomm=', '-p', String(pid)]));
  const words = answer?.stdout.trim().split(/\s+/) ?? [];
  if (words.length < 7 || words[0].startsWith('Z')) return null;
  return { name: words.slice(6).join(' '), started: words.slice(1, 6).join('-').replaceAll(':', '-') };
}

/** Whether this living process is the PostgreSQL server of that cluster, and not another that was given its pid. */
export async function servesCluster(pid: number, cluster: string): Promise<boolean> {
  const living = await livingProcess(pid);
  if (living?.name !== 'postgres') return false;
  if (process.platform !== 'linux') {
    const { stdout } = await run('/bin/ps', ['-ww', '-o', 'args=', '-p', String(pid)]);
    return stdout.includes(cluster);
  }
  // A postmaster's working directory is its cluster, however the path to it was written when it was started.
  const [there, here] = await Promise.all([
    nullOn(['ENOENT', 'ESRCH'], stat(`/proc/${pid}/cwd`)),
    nullOn(['ENOENT'], stat(cluster)),
  ]);
  return there !== null && here !== null && there.dev === here.dev && there.ino === here.ino;
}
