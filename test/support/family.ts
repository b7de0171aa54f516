import { readdirSync, readFileSync } from 'node:fs';

/** A process and what it has started. */
export interface Member {
  readonly pid: number;
  readonly name: string;
  isAlive(): boolean;
  kill(signal: NodeJS.Signals): void;
}

/** By Linux's /proc: pid and start time together name a process. A zombie is gone; in a container nobody may collect it. */
export function familyOf(root: number): Member[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const family = all.filter(({ pid }) => pid === root);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family.map(({ pid, started, name }) => ({
    pid,
    name,
    isAlive: () => statOf(pid)?.started === started,
    kill: (signal) => process.kill(pid, signal),
  }));
}

function statOf(pid: number): { pid: number; parent: number; started: string; name: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return { pid, parent: Number(fields[1]), started: fields[19]!, name: stat.slice(stat.indexOf('(') + 1, end) };
  } catch {
    return null; // ended between the listing and the look
  }
}
