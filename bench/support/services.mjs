// What a bench runs against: the built product, a Postgres and a Redis of its own, in a temporary folder.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { untilOpen } from './until-open.mjs';

export const root = join(import.meta.dirname, '..', '..');

export function build() {
  const built = spawnSync('sh', [join(root, 'scripts/build.sh')], { stdio: 'inherit' });
  if (built.status !== 0) throw new Error('The build failed.');
}

/** Gives `work` the services and takes them down after it, however it ends. */
export async function withServices(work) {
  build();
  const services = new Services();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void services.stop().finally(() => process.exit(1)));
  }
  try {
    await services.start();
    return await work(services);
  } finally {
    await services.stop();
  }
}

/** A folder that Postgres' own user may pass through. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  chmodSync(folder, 0o755);
  return folder;
}

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

class Services {
  children = new Set();
  folder = makeFolder();
  databases = 0;
  folders = 0;

  async start() {
    const { startEmbeddedPostgres } = await import('@sallyport/embedded-postgres');
    this.postgres = await startEmbeddedPostgres({ dataDir: join(this.folder, 'postgres') });
    this.redisPort = await this.startRedis();
  }

  /** Nothing that was started outlives the bench. */
  async stop() {
    await Promise.all([...this.children].map((child) => end(child)));
    await this.postgres?.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  own(child) {
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  /** An empty database, so that what is measured side by side shares no row. */
  async newDatabase() {
    const name = `bench_${(this.databases += 1)}`;
    const client = new pg.Client({ connectionString: this.postgres.url });
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    const url = new URL(this.postgres.url);
    url.pathname = name;
    return { url: url.href, redisUrl: `redis://127.0.0.1:${this.redisPort}/${this.databases}` };
  }

  newFolder() {
    const folder = join(this.folder, `app-${(this.folders += 1)}`);
    mkdirSync(folder, { mode: 0o755 });
    return folder;
  }

  async startRedis() {
    const server = ['valkey-server', 'redis-server'].find((name) => spawnSync(name, ['--version']).status === 0);
    if (!server) throw new Error('No valkey-server or redis-server on PATH: apt-get install -y redis-server');
    const port = await freePort();
    const settings = ['--save', '', '--appendonly', 'no', '--databases', '64', '--dir', this.folder];
    const args = ['--port', String(port), '--bind', '127.0.0.1', ...settings];
    await untilOpen(port, this.own(spawn(server, args, { stdio: 'ignore' })));
    return port;
  }
}

export async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
