// Starts what the tests need: a Postgres and a Redis of their own, non-durable and in a temporary folder.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const root = join(import.meta.dirname, '..', '..');

export default async function start(globalConfig) {
  // The tests that run the product as a program run what was built.
  if (spawnSync('sh', [join(root, 'scripts/build.sh')], { stdio: 'inherit' }).status !== 0) {
    throw new Error('The build failed.');
  }
  const startedAt = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  chmodSync(folder, 0o755);
  globalThis.sallyportTest = { folder };
  process.env.TEST_FOLDER = folder;
  process.env.TEST_DATABASE_URL ??= await startPostgres(folder);
  await createDatabases(process.env.TEST_DATABASE_URL, globalConfig.maxWorkers);
  const redis = process.env.TEST_REDIS_URL ?? (await startRedis());
  if (redis) process.env.TEST_REDIS_URL = redis;
  else if (process.env.CI === 'true')
    throw new Error('No redis-server or valkey-server on PATH: apt-get install -y redis-server');
  else
    console.log('\nRedis column not run: no redis-server or valkey-server on PATH (apt-get install -y redis-server).');
  console.log(
    `\nTest services are up: postgres${redis ? ', redis' : ''} in ${Math.round(performance.now() - startedAt)} ms`,
  );
}

async function startPostgres(folder) {
  const { startEmbeddedPostgres } = await import('@sallyport/embedded-postgres');
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable: false });
  globalThis.sallyportTest.postgres = postgres;
  return postgres.url;
}

async function createDatabases(url, workers) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (let worker = 1; worker <= workers; worker += 1) {
    await client.query(`DROP DATABASE IF EXISTS test_${worker}`);
    await client.query(`CREATE DATABASE test_${worker}`);
  }
  await client.end();
}

async function startRedis() {
  const server = ['valkey-server', 'redis-server'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (!server) return null;
  const port = await freePort();
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--databases', '64'];
  const redis = spawn(server, args.map(String), { stdio: 'ignore' });
  globalThis.sallyportTest.redis = redis;
  const { createClient } = await import('redis');
  const client = createClient({ url: `redis://127.0.0.1:${port}`, socket: { reconnectStrategy: 20 } });
  client.on('error', () => undefined);
  await Promise.race([client.connect(), pause(10_000, null, { ref: false })]);
  await client.close();
  return `redis://127.0.0.1:${port}`;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
