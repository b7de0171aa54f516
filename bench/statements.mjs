// node bench/statements.mjs [--repeats 20]
//
// How many statements Postgres and commands Redis get for each act, counted on the wire.
import { setTimeout as pause } from 'node:timers/promises';
import { member, startApp } from './support/app.mjs';
import { startProxy, Tally } from './support/counting-proxy.mjs';
import { numbers } from './support/options.mjs';
import { postgresReader } from './support/postgres-reader.mjs';
import { readScriptNames, redisReader } from './support/redis-reader.mjs';
import { withServices } from './support/services.mjs';
import { table } from './support/stats.mjs';

const { repeats } = numbers({ repeats: 20 });
/** Long enough for whatever the product does by itself every few seconds. */
const IDLE_MS = 5000;
/** What comes only once a minute. */
const RARE = /sweep/;
/** For what is written after the answer. */
const SETTLE_MS = 30;

await withServices(async (services) => {
  const scriptNames = await readScriptNames();
  const rows = [['', 'act', 'Postgres', 'Redis', 'which']];
  for (const mode of ['session', 'jwt']) {
    for (const store of ['postgres', 'redis', 'memory']) {
      const tally = { postgres: new Tally(), redis: new Tally() };
      const settings = { AUTH_MODE: mode, SESSION_STORE: store, RATE_LIMITS: 'on' };
      const app = await startApp(services, settings, (to) => throughProxies(services, to, tally, scriptNames));
      for (const [i, [act, counted]] of Object.entries(await countActs(app, tally)).entries()) {
        rows.push([i === 0 ? `${mode} on ${store}` : '', act, ...counted]);
      }
    }
  }
  console.log(table(rows));
});

async function throughProxies(services, { url, redisUrl }, tally, scriptNames) {
  const reader = { postgres: () => postgresReader((name) => tally.postgres.add(name)) };
  reader.redis = () => redisReader((name) => tally.redis.add(name), scriptNames);
  const viaProxy = new URL(url);
  viaProxy.port = await startProxy(viaProxy.port, reader.postgres);
  const redisPort = await startProxy(services.redisPort, reader.redis);
  return { url: viaProxy.href, redisUrl: redisUrl.replace(/:\d+/, `:${redisPort}`) };
}

async function countActs(app, tally) {
  const client = await member(app);
  const path = `/users/${client.userId}`;
  const background = await idleNames(tally);
  const acts = {
    login: () => client.login(),
    'guarded request, first of a session': [() => client.login(), () => client.get(path)],
    'guarded request, GET /users/{id}': () => client.get(path),
    'guarded request, GET /auth/me': () => client.get('/auth/me'),
    refresh: () => client.refresh(),
    logout: [() => client.login(), () => client.logout()],
  };
  const counts = {};
  for (const [name, act] of Object.entries(acts)) {
    const [before, counted] = Array.isArray(act) ? act : [() => undefined, act];
    // Once uncounted: a connection of the pool and a script of Redis are made known at their first use.
    await before();
    await counted();
    counts[name] = await count(before, counted, tally, background);
  }
  return counts;
}

/** What the product does by itself, whoever calls. */
async function idleNames({ postgres, redis }) {
  await pause(IDLE_MS / 10);
  postgres.take();
  redis.take();
  await pause(IDLE_MS);
  return new Set([...postgres.take().keys(), ...redis.take().keys()]);
}

async function count(before, act, tally, background) {
  const sums = { postgres: 0, redis: 0 };
  const names = new Map();
  for (let i = 0; i < repeats; i += 1) {
    await before();
    await pause(SETTLE_MS);
    for (const { take } of bound(tally)) take();
    await act();
    await pause(SETTLE_MS);
    for (const { store, take } of bound(tally)) {
      for (const [name, times] of take()) {
        if (background.has(name) || RARE.test(name)) continue;
        sums[store] += times;
        names.set(name, (names.get(name) ?? 0) + times);
      }
    }
  }
  const perAct = (times) => Number((times / repeats).toFixed(2));
  const which = [...names].map(([name, times]) => (times === repeats ? name : `${perAct(times)} x ${name}`));
  return [perAct(sums.postgres), perAct(sums.redis), which.join(', ')];
}

function bound(tally) {
  return Object.entries(tally).map(([store, one]) => ({ store, take: () => one.take() }));
}
