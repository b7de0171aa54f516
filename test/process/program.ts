import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { familyOf, type Member } from '../support/family.js';

export const ROOT = resolve('.');
const READY_MS = 40_000;
const READY = /Ready in (\w+) mode, sessions in (\w+): (?:open )?(http:\/\/[^\s"]+?)(?:\/docs)?"/;

export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The real program, as somebody at a terminal has it: from a working folder, with an environment, with its output. */
export class Program {
  private static readonly all = new Set<Program>();
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output = '';
  stdout = '';

  private constructor(readonly child: ChildProcess) {
    Program.all.add(this);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.output += text;
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  }

  /** A file of the build and its arguments: what the npm scripts run. */
  static run([entry, ...args]: string[], surroundings: Surroundings): Program {
    return Program.spawn([process.execPath, join(ROOT, 'dist', 'src', `${entry}.js`), ...args], surroundings);
  }

  /** A command in a process group of its own, like a foreground job of a terminal. */
  static spawn([command, ...args]: string[], { cwd, env }: Surroundings): Program {
    // Nothing of the test runner's environment: what is not set here is not set.
    const { PATH, HOME } = process.env;
    const child = spawn(command!, args, {
      cwd,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    return new Program(child);
  }

  /** Where it answers, once it says so. */
  async ready(): Promise<string> {
    await this.says(READY, READY_MS);
    return READY.exec(this.output)![3]!.replace('localhost', '127.0.0.1');
  }

  async says(what: RegExp, ms = READY_MS): Promise<void> {
    await until(() => {
      if (what.test(this.output)) return true;
      if (this.child.exitCode !== null) throw new Error(`It ended without saying ${what}:\n${this.output}`);
      return false;
    }, ms).catch((cause: unknown) => {
      throw new Error(`It did not say ${what}:\n${this.output}`, { cause });
    });
  }

  /** The lines of the log that hold this. */
  lines(holding: string): string[] {
    return this.output.split('\n').filter((line) => line.includes(holding));
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ctrl-C: the terminal signals the whole group. */
  interruptGroup(): void {
    process.kill(-this.child.pid!, 'SIGINT');
  }

  /** Everything that it has started, itself included. */
  family(): Member[] {
    return familyOf(this.child.pid!);
  }

  async stop(): Promise<number | null> {
    this.kill('SIGTERM');
    return (await this.ended).code;
  }

  static async endAll(): Promise<void> {
    const families = [...Program.all].flatMap((program) => program.family());
    for (const program of Program.all) program.child.kill('SIGKILL');
    Program.all.clear();
    await until(() => families.every(({ isAlive }) => !isAlive()), 15_000);
  }
}

export async function until(condition: () => boolean | Promise<boolean>, ms: number): Promise<void> {
  for (const deadline = performance.now() + ms; !(await condition()); await pause(20)) {
    if (performance.now() > deadline) throw new Error(`This did not come true within ${ms} ms: ${condition}`);
  }
}

const folders: string[] = [];

/** A working folder with nothing in it. The embedded database of root is another user, who must be able to pass. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-process-'));
  await chmod(folder, 0o755);
  folders.push(folder);
  return folder;
}

export async function removeFolders(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** A database with nothing in it, on the Postgres of the test run. */
export async function freshDatabase(name: string): Promise<string> {
  const database = `process_${name}_${process.pid}`;
  await asAdmin(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`, `CREATE DATABASE ${database}`);
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.pathname = `/${database}`;
  return url.href;
}

async function asAdmin(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

export const ANN = { email: 'ann@example.com', password: 'a gate with two doors', name: 'Ann' };

export async function post(url: string, path: string, body: object, token?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  return fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

export async function get(url: string, path: string, token?: string): Promise<Response> {
  return fetch(url + path, { headers: token ? { authorization: `Bearer ${token}` } : {} });
}

/** The status of a login with a bearer token, and the token. */
export async function login(url: string): Promise<{ status: number; token: string }> {
  const response = await post(url, '/auth/login', { ...ANN, name: undefined, transport: 'bearer' });
  const { accessToken } = (await response.json()) as { accessToken: string };
  return { status: response.status, token: accessToken };
}
