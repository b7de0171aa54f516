import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/embedded-postgres.js';

/** It imports the built package, as another process must. */
const PROGRAM = resolve(__dirname, 'program.mjs');

type Options = Partial<EmbeddedPostgresOptions> & { readonly leave?: boolean };

export interface Owner {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly owned: boolean;
  readonly url: string;
  /** What the program says next. */
  nextLine(): Promise<string>;
  /** Without a chance to stop its server; resolves when the program is dead, and the server may still be alive. */
  kill(): Promise<void>;
}

/** A folder for one test, and every server and program that was started on it. */
export class DataFolder {
  private readonly children: ChildProcess[] = [];
  private readonly servers: EmbeddedPostgres[] = [];
  readonly path: string;

  private constructor(readonly parent: string) {
    this.path = join(parent, 'postgres');
  }

  static async make(): Promise<DataFolder> {
    const base = await mkdtemp(join(tmpdir(), 'sallyport-embedded-'));
    // Root's PostgreSQL is another user, who must be able to pass.
    await chmod(base, 0o755);
    return new DataFolder(join(base, '.data'));
  }

  /** In this process. */
  async start(options: Options = {}): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ dataDir: this.path, durable: false, ...options });
    this.servers.push(server);
    return server;
  }

  /** In a process of its own, which leads a process group. */
  spawnProgram(options: Options = {}): ChildProcess {
    const args = [PROGRAM, JSON.stringify({ dataDir: this.path, durable: false, ...options })];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    this.children.push(child);
    return child;
  }

  async startElsewhere(options: Options = {}): Promise<Owner> {
    const child = this.spawnProgram(options);
    const lines = createInterface({ input: child.stdout! });
    const nextLine = async (): Promise<string> =>
      (await once(lines, 'line', { signal: AbortSignal.timeout(20_000) }))[0];
    const answer: { owned: boolean; url: string } = JSON.parse(await nextLine());
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    return { child, pid: child.pid!, nextLine, kill, ...answer };
  }

  /** The servers of this folder. A process that serves one connection has another command line. */
  async postmasters(): Promise<number[]> {
    const mark = `-D\0${this.path}\0-p\0`;
    return keep(await pids(), async (pid) => (await readProc(pid, 'cmdline')).includes(mark));
  }

  async remove(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    for (const server of this.servers) await server.stop();
    // A test that failed half-way may have left a server with neither owner nor watchdog.
    for (const pid of await this.postmasters()) killIfThere(pid, 'SIGINT');
    await until(async () => (await this.postmasters()).length === 0);
    await rm(join(this.parent, '..'), { recursive: true, maxRetries: 5 });
  }
}

export async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

export async function until(done: () => Promise<boolean>, patienceMs = 10_000): Promise<void> {
  for (const deadline = Date.now() + patienceMs; !(await done()); await pause(5)) {
    if (Date.now() > deadline) throw new Error(`This did not come true within ${patienceMs} ms: ${done}`);
  }
}

export async function childrenOf(parent: number): Promise<number[]> {
  return keep(await pids(), async (pid) => Number((await statOf(pid))[1]) === parent);
}

/** A zombie is gone: in a container nobody may collect it. */
export async function areGone(some: number[]): Promise<boolean> {
  const alive = await keep(some, async (pid) => /^[^ZX]$/.test((await statOf(pid))[0] ?? ''));
  return alive.length === 0;
}

export function killIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ESRCH') throw error;
  }
}

/** State, parent and what follows in /proc. The name before them may hold blanks and brackets. */
async function statOf(pid: number): Promise<string[]> {
  const line = await readProc(pid, 'stat');
  return line === '' ? [] : line.slice(line.lastIndexOf(')') + 2).split(' ');
}

/** Empty when the process has ended. */
async function readProc(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}

async function pids(): Promise<number[]> {
  return (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
}

async function keep(some: number[], test: (pid: number) => Promise<boolean>): Promise<number[]> {
  const kept = await Promise.all(some.map(test));
  return some.filter((_, i) => kept[i]);
}
