// node bench/engines.mjs [--rounds 5] [--seconds 3] [--connections 24]
//
// What an open and a guarded request cost on Express and on Fastify: processor time of the server for each request, and the rate.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Load } from './support/load.mjs';
import { numbers } from './support/options.mjs';
import { ourSubject } from './support/our-routes.mjs';
import { freePort, withServices } from './support/services.mjs';
import { median, table } from './support/stats.mjs';
import { untilOpen } from './support/until-open.mjs';

const { connections, rounds, seconds } = numbers({ rounds: 5, seconds: 3, connections: 24 });
const ENGINES = ['express', 'fastify'];
const TICK_US = 10_000;

await withServices(async (services) => {
  const subjects = [];
  for (const engine of ENGINES) subjects.push(await bareSubject(services, engine));
  for (const engine of ENGINES) {
    for (const mode of ['session', 'jwt']) {
      const settings = { HTTP_ENGINE: engine, AUTH_MODE: mode };
      subjects.push(await ourSubject(services, `${mode} on ${engine}`, settings, { guardAlone: true }));
    }
  }
  const load = new Load(services, connections);
  const rows = [['', 'route', 'median CPU of the server, us', 'least', 'greatest', 'median requests/s']];
  const measured = new Map();
  for (const { routes } of subjects) for (const route of routes) await load.perSecond(route, 1000);
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < subjects.length; i += 1) {
      const { pid, routes } = subjects[(i + round) % subjects.length];
      for (const route of routes) measured.set(route, [...(measured.get(route) ?? []), await cost(load, pid, route)]);
    }
  }
  for (const { name, routes } of subjects) {
    for (const [j, route] of routes.entries()) {
      const us = measured.get(route).map((one) => one.us);
      const rate = median(measured.get(route).map((one) => one.perSecond));
      const shown = [median(us), Math.min(...us), Math.max(...us), rate].map((value) => String(Math.round(value)));
      rows.push([j === 0 ? name : '', route.name, ...shown]);
    }
  }
  console.log(table(rows));
});

async function cost(load, pid, route) {
  await load.perSecond(route, 300);
  const before = ticks(pid);
  const perSecond = await load.perSecond(route, seconds * 1000, 0);
  return { perSecond, us: ((ticks(pid) - before) * TICK_US) / (perSecond * seconds) };
}

/** Of user and system, for all threads of the process: proc(5), `stat`. The name in brackets may hold spaces. */
function ticks(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function bareSubject(services, engine) {
  const port = await freePort();
  const env = { PATH: process.env.PATH, PORT: String(port), ENGINE: engine };
  const script = join(import.meta.dirname, 'engines', 'bare-nest.mjs');
  const child = services.own(spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'inherit'] }));
  await untilOpen(port, child);
  return { name: `bare Nest on ${engine}`, pid: child.pid, routes: [{ name: 'GET /open', port, path: '/open' }] };
}
