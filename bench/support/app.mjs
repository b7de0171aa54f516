import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Client } from './client.mjs';
import { freePort, root } from './services.mjs';
import { untilOpen } from './until-open.mjs';

const MAIN = join(root, 'dist/src/main.js');

/** The product as a process of its own in `folder`. Nothing of our environment but PATH goes in. */
export function spawnApp(folder, port, settings) {
  const { PATH, TMPDIR } = process.env;
  const own = { LOG_LEVEL: 'warn', RATE_LIMITS: 'off', PORT: String(port) };
  const env = { PATH, ...(TMPDIR && { TMPDIR }), ...own, ...settings };
  return spawn(process.execPath, [MAIN], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The running product on a database of its own. `through` may put something between it and its stores. */
export async function startApp(services, settings, through = async (database) => database) {
  const { url, redisUrl } = await through(await services.newDatabase());
  const port = await freePort();
  const stores = { DATABASE_URL: url, REDIS_URL: redisUrl };
  const child = services.own(spawnApp(services.newFolder(), port, { ...stores, ...settings }));
  await untilOpen(port, child);
  return { port, url: `http://127.0.0.1:${port}`, pid: child.pid };
}

/** A client of the app, registered and logged in. */
export async function member(app) {
  const client = new Client(app.url);
  await client.register();
  await client.login();
  return client;
}
