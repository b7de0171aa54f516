import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { median, table } from './stats.mjs';

const WARM_UP_MS = 500;

/** Sends one kind of request from a process of its own and answers how many a second were answered. */
export class Load {
  constructor(services, connections) {
    this.connections = connections;
    this.process = services.own(fork(join(import.meta.dirname, 'generator.mjs')));
    this.gone = once(this.process, 'exit').then(([code, signal]) => [
      { error: `The generator ended: ${signal ?? code}` },
    ]);
  }

  async perSecond(target, ms, warmUpMs = WARM_UP_MS) {
    this.process.send({ status: 200, headers: {}, ...target, connections: this.connections, warmUpMs, ms });
    const [{ error, perSecond }] = await Promise.race([once(this.process, 'message'), this.gone]);
    if (error) throw new Error(`${target.path}: ${error}`);
    return perSecond;
  }
}

/**
 * Measures every route of every subject in every round, so that a busy moment of the machine falls on all of them; the
 * order turns by one each round. A subject is `{name, routes: [{name, of?, port, path, headers}]}`: `of` names the open
 * route, measured just before, that a guarded one is a part of.
 */
export async function interleaved(load, subjects, { rounds, seconds }) {
  for (const { routes } of subjects) for (const route of routes) await load.perSecond(route, 1000);
  const results = subjects.map(({ routes }) => routes.map(() => []));
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < subjects.length; i += 1) {
      const at = (i + round) % subjects.length;
      for (const [j, route] of subjects[at].routes.entries()) {
        results[at][j].push(await load.perSecond(route, seconds * 1000));
      }
    }
  }
  return results;
}

/** Ratios are taken within a round, and their median is shown with the least and the greatest. */
export function report(subjects, results) {
  const rows = [['', 'route', 'median requests/s', 'of', 'median ratio', 'least', 'greatest']];
  for (const [i, { name, routes }] of subjects.entries()) {
    for (const [j, route] of routes.entries()) {
      const open = results[i][routes.findIndex((other) => other.name === route.of)];
      const ratios = open ? results[i][j].map((value, round) => value / open[round]) : [];
      const shown = open
        ? [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((r) => r.toFixed(2))
        : ['', '', ''];
      rows.push([j === 0 ? name : '', route.name, Math.round(median(results[i][j])), route.of ?? '', ...shown]);
    }
  }
  return table(rows);
}
