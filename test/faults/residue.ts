import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process holds on to. */
export interface Residue {
  /** Open files and connections, but for those of its clients. */
  readonly descriptors: number;
  readonly residentMb: number;
}

/** By Linux's /proc. @param port where its clients come in. */
export function residueOf(pid: number, port: number): Residue {
  const clients = inodesAt(pid, port);
  const files = readdirSync(`/proc/${pid}/fd`).flatMap((name) => linkOf(`/proc/${pid}/fd/${name}`) ?? []);
  const descriptors = files.filter((file) => !clients.has(file)).length;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { descriptors, residentMb: Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024 };
}

/** The sockets of connections that came in at this port. */
function inodesAt(pid: number, port: number): Set<string> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1, -1);
  const fields = lines.map((line) => line.trim().split(/\s+/)).filter(([, local]) => local!.endsWith(`:${hex}`));
  return new Set(fields.map((line) => `socket:[${line[9]}]`));
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null; // closed between the listing and the look
  }
}
