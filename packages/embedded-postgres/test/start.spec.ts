import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { transform } from '@swc/core';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded/embedded-postgres.js';
import { hasCode } from '../src/embedded/file-errors.js';
import { livingProcess, servesCluster } from '../src/embedded/processes.js';

const SOURCES = resolve('src/embedded');

/** Starts with the options it is given, says what it got, and at Ctrl-C uses the database once more before closing it. */
const PROGRAM = `
  import pg from 'pg';
  import { startEmbeddedPostgres } from './embedded-postgres.js';
  const { leave, ...options } = JSON.parse(process.argv[2]);
  const database = await startEmbeddedPostgres(options);
  if (!leave) {
    const life = setInterval(() => {}, 1000);
    process.once('SIGINT', async () => {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query('SELECT 1');
      await client.end();
      await database.stop();
      console.log('closed in order');
      clearInterval(life);
    });
  }
  console.log(JSON.stringify({ owned: database.owned, url: database.url }));
`;

let programs: string;
let base: string;
let dataDir: string;
let children: ChildProcess[];
let servers: EmbeddedPostgres[];

beforeAll(async () => {
  // Below node_modules, so that the compiled program finds the packages.
  await mkdir('node_modules/.cache', { recursive: true });
  programs = await mkdtemp(resolve('node_modules/.cache/sallyport-embedded-'));
  await writeFile(join(programs, 'package.json'), '{"type":"module"}');
  await writeFile(join(programs, 'program.js'), PROGRAM);
  for (const file of await readdir(SOURCES)) {
    const source = await readFile(join(SOURCES, file), 'utf8');
    const { code } = await transform(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } });
    await writeFile(join(programs, file.replace(/\.ts$/, '.js')), code);
  }
});

afterAll(() => rm(programs, { recursive: true }));

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'sallyport-embedded-'));
  // Root's PostgreSQL is another user, who must be able to pass.
  await chmod(base, 0o755);
  dataDir = join(base, '.data', 'postgres');
  children = [];
  servers = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of servers) await server.stop();
  // A test that failed half-way may have left a server with neither owner nor watchdog.
  for (const pid of await postmasters()) killIfThere(pid, 'SIGINT');
  await until(async () => (await postmasters()).length === 0);
  await rm(base, { recursive: true, maxRetries: 5 });
});

describe('the embedded PostgreSQL', () => {
  it('starts on nothing, durably, and makes the database that was asked for', async () => {
    const { url, owned } = await start({ durable: true, database: 'doors "and" keys' });
    expect(owned).toBe(true);
    expect(await ask(url, 'SELECT current_database()')).toBe('doors "and" keys');
    expect(await ask(url, 'SHOW fsync')).toBe('on');
    expect(await ask(url, 'SHOW server_version')).toMatch(/^18\./);
  });

  it('keeps the data from one start to the next', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await postmasters()).toEqual([]);
    expect(await ask((await start()).url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('gives up durability for speed when told to', async () => {
    const { url } = await start();
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      expect(await ask(url, `SHOW ${setting}`)).toBe('off');
    }
  });

  it('lets nobody in without the password, which only its user can read', async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(`${dataDir}.supervisor`)).mode & 0o077).toBe(0);
    expect((await stat(`${dataDir}.supervisor/password`)).mode & 0o077).toBe(0);
    expect((await stat(dataDir)).mode & 0o077).toBe(0);
  });

  it('joins a running server, and leaves it running', async () => {
    const owner = await spawnProgram();
    const joined = await start();
    expect(joined).toMatchObject({ owned: false, url: owner.url });
    await joined.stop();
    expect(await ask(owner.url, 'SELECT 1')).toBe(1);
  });

  it('is started by exactly one of six who come at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => spawnProgram()));
    expect(answers.filter(({ owned }) => owned)).toHaveLength(1);
    expect(new Set(answers.map(({ url }) => url)).size).toBe(1);
    expect(await postmasters()).toHaveLength(1);
  });

  it('serves whoever comes while another is stopping it', async () => {
    for (let round = 0; round < 5; round++) {
      const leaving = await start();
      const [next] = await Promise.all([start(), leaving.stop()]);
      // Joined a moment before it stopped: then the database is lost, and the next start has it again.
      if (!next.owned) continue;
      expect(await ask(next.url, 'SELECT 1')).toBe(1);
      await next.stop();
    }
    expect(await ask((await start()).url, 'SELECT 1')).toBe(1);
  });

  it('is gone within seconds when its owner is killed, and the next start has the data', async () => {
    const owner = await spawnProgram();
    await ask(owner.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const helpers = await childrenOf(owner.pid);
    expect(helpers).toHaveLength(2);
    owner.child.kill('SIGKILL');
    await until(async () => (await alive(helpers)).length === 0, 3_000);
    expect(await postmasters()).toEqual([]);
    expect(await ask((await start()).url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('does not wait for the old server to be gone before it is asked for again', async () => {
    for (let round = 0; round < 3; round++) {
      const owner = await spawnProgram();
      await ask(owner.url, `CREATE TABLE round_${round} AS SELECT 1`);
      owner.child.kill('SIGKILL');
    }
    const { url, owned } = await start();
    expect(owned).toBe(true);
    expect(await ask(url, `SELECT count(*)::int FROM pg_tables WHERE tablename LIKE 'round%'`)).toBe(3);
  });

  it('ends a server that has lost both its owner and its watchdog, and starts anew', async () => {
    const owner = await spawnProgram();
    await ask(owner.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const [postmaster] = await postmasters();
    for (const helper of await childrenOf(owner.pid)) if (helper !== postmaster) process.kill(helper, 'SIGKILL');
    owner.child.kill('SIGKILL');
    await until(async () => (await livingProcess(owner.pid)) === null);
    expect(await postmasters()).toEqual([postmaster]);

    const { url, owned } = await start();
    expect(owned).toBe(true);
    expect(await postmasters()).not.toContain(postmaster);
    expect(await ask(url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('recovers when everything was killed and its pid now belongs to another program', async () => {
    const owner = await spawnProgram({ durable: true });
    await ask(owner.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const everything = [owner.pid, ...(await childrenOf(owner.pid))];
    for (const pid of everything) killIfThere(pid, 'SIGKILL');
    await until(async () => (await alive(everything)).length === 0);
    const pidFile = join(dataDir, 'postmaster.pid');
    const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n');
    await writeFile(pidFile, [process.pid, ...rest].join('\n'));
    expect(await ask((await start()).url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('ends with a program that forgets to stop it, and does not keep that program alive', async () => {
    const owner = await spawnProgram({ leave: true });
    if (owner.child.exitCode === null) await once(owner.child, 'exit');
    expect(owner.child.exitCode).toBe(0);
    await until(async () => (await postmasters()).length === 0, 3_000);
  });

  it('outlives Ctrl-C, so that the program can close in its own order', async () => {
    const owner = await spawnProgram();
    process.kill(-owner.pid, 'SIGINT');
    const [line] = await once(owner.lines, 'line');
    expect(line).toBe('closed in order');
    expect(await postmasters()).toEqual([]);
  });

  it('survives a kill in the middle of making the cluster, at whatever moment', async () => {
    for (const files of [0, 5, 15]) {
      const child = spawnChild();
      await until(async () => (await draftSize()) > files);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await readdir(dirname(dataDir))).not.toContain(basename(dataDir));
    }
    expect(await ask((await start()).url, 'SELECT 1')).toBe(1);
    expect((await readdir(dirname(dataDir))).sort()).toEqual(['postgres', 'postgres.supervisor']);
  });

  it('says in a sentence why it will not touch a folder', async () => {
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, 'letters.txt'), 'dear');
    await expect(start()).rejects.toThrow('is not empty and holds no database');
    await writeFile(join(dataDir, 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow('was made by PostgreSQL 15');
    expect(await readFile(join(dataDir, 'letters.txt'), 'utf8')).toBe('dear');
  });
});

async function start(options: { durable?: boolean; database?: string } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false, ...options });
  servers.push(server);
  return server;
}

function spawnChild(options = {}): ChildProcess {
  const args = [join(programs, 'program.js'), JSON.stringify({ dataDir, durable: false, ...options })];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  children.push(child);
  return child;
}

async function spawnProgram(options = {}) {
  const child = spawnChild(options);
  const lines = createInterface({ input: child.stdout! });
  const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(15_000) });
  const answer: { owned: boolean; url: string } = JSON.parse(line);
  return { child, lines, pid: child.pid!, ...answer };
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

async function until(done: () => Promise<boolean>, patienceMs = 10_000): Promise<void> {
  for (const deadline = Date.now() + patienceMs; !(await done()); await pause(5)) {
    if (Date.now() > deadline) throw new Error('waited too long');
  }
}

function killIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

async function pids(): Promise<number[]> {
  return (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
}

/** Every PostgreSQL process of this test's cluster whose parent is none: backends work in the same folder. */
async function postmasters(): Promise<number[]> {
  const serving = await keep(await pids(), (pid) => servesCluster(pid, dataDir));
  return keep(serving, async (pid) => !serving.includes(await parentOf(pid)));
}

async function childrenOf(parent: number): Promise<number[]> {
  return keep(await pids(), async (pid) => (await parentOf(pid)) === parent);
}

async function alive(some: number[]): Promise<number[]> {
  return keep(some, async (pid) => (await livingProcess(pid)) !== null);
}

async function parentOf(pid: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]);
}

async function keep(some: number[], test: (pid: number) => Promise<boolean>): Promise<number[]> {
  const kept = await Promise.all(some.map(test));
  return some.filter((_, i) => kept[i]);
}

/** How many entries the half-made cluster has. */
async function draftSize(): Promise<number> {
  const beside = await readdir(dirname(dataDir)).catch(() => []);
  const draft = beside.find((name) => name.startsWith('postgres.initdb-'));
  if (draft === undefined) return -1;
  return (await readdir(join(dirname(dataDir), draft, 'data')).catch(() => [])).length;
}
