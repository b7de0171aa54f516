// node bench/revocation.mjs [--rounds 500]
//
// From the answer to a logout at one backend to the refusal at another backend, and at a service behind the guard of
// `@sallyport/verify`: the time until the first 401, polled without a pause.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { member, spawnApp } from './support/app.mjs';
import { numbers } from './support/options.mjs';
import { freePort, root, withServices } from './support/services.mjs';
import { table } from './support/stats.mjs';
import { untilOpen } from './support/until-open.mjs';

const { rounds } = numbers({ rounds: 500 });
const SECRET = 'a secret of the bench and of nothing else';
const ORDERS = join(root, 'examples/orders');

for (const workspace of ['packages/verify', 'examples/orders']) {
  const built = spawnSync('npm', ['run', '--silent', 'build', '--workspace', workspace], {
    cwd: root,
    stdio: 'inherit',
  });
  if (built.status !== 0) throw new Error(`The build of ${workspace} failed.`);
}

await withServices(async (services) => {
  const rows = [['mode', 'refused at', 'rounds', 'p50 ms', 'p99 ms', 'max ms', 'accepted again']];
  for (const mode of ['session', 'jwt']) {
    const { here, there, orders } = await start(services, mode);
    const seen = { 'the other backend': [], orders: [] };
    let again = 0;
    for (let round = 0; round < rounds; round += 1) {
      const client = await member(here);
      const { headers } = client;
      const ask = [() => status(`${there.url}/auth/me`, headers), () => status(`${orders}/orders`, headers)];
      for (const question of ask) if ((await question()) !== 200) throw new Error('A live session was refused.');
      await client.logout();
      const endedAt = performance.now();
      const delays = await Promise.all(ask.map((question) => untilRefused(question, endedAt)));
      for (const question of ask) if ((await question()) !== 401) again += 1;
      seen['the other backend'].push(delays[0]);
      seen.orders.push(delays[1]);
    }
    for (const [where, delays] of Object.entries(seen)) rows.push([mode, where, rounds, ...quantiles(delays), again]);
  }
  console.log(table(rows));
});

async function start(services, mode) {
  const { url, redisUrl } = await services.newDatabase();
  const folder = services.newFolder();
  const clients = join(folder, 'clients.json');
  const secretDigest = createHash('sha256').update(SECRET).digest('base64url');
  writeFileSync(clients, JSON.stringify([{ id: 'orders', name: 'Orders', secretDigest }]));
  const [port, otherPort, ordersPort] = [await freePort(), await freePort(), await freePort()];
  const issuer = `http://127.0.0.1:${port}`;
  const stores = { DATABASE_URL: url, REDIS_URL: redisUrl };
  // One folder, and so one file of keys.
  const settings = { ...stores, AUTH_MODE: mode, OAUTH_CLIENTS_FILE: clients, JWT_ISSUER: issuer };
  for (const each of [port, otherPort]) await untilOpen(each, services.own(spawnApp(folder, each, settings)));
  const { PATH } = process.env;
  const env = {
    PATH,
    PORT: String(ordersPort),
    ISSUER: issuer,
    AUDIENCE: 'sallyport',
    CLIENT_ID: 'orders',
    CLIENT_SECRET: SECRET,
  };
  const child = spawn(process.execPath, [join(ORDERS, 'dist/main.js')], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await untilOpen(ordersPort, services.own(child));
  const orders = `http://127.0.0.1:${ordersPort}`;
  while ((await (await fetch(`${orders}/health`)).json()).feed !== 'following') await pause(50);
  return { here: { port, url: issuer }, there: { url: `http://127.0.0.1:${otherPort}` }, orders };
}

async function status(url, headers) {
  const answer = await fetch(url, { headers });
  await answer.arrayBuffer();
  return answer.status;
}

async function untilRefused(question, since) {
  while ((await question()) !== 401) if (performance.now() - since > 30_000) throw new Error('It was never refused.');
  return performance.now() - since;
}

function quantiles(delays) {
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  return [at(0.5), at(0.99), sorted.at(-1).toFixed(1)];
}
