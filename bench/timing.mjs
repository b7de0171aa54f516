// node bench/timing.mjs [--pairs 1000] [--users 20]
//
// Whether the time of a refused login tells that the user exists: it must not (R3.2).
import { randomUUID } from 'node:crypto';
import { member, startApp } from './support/app.mjs';
import { Client } from './support/client.mjs';
import { numbers } from './support/options.mjs';
import { withServices } from './support/services.mjs';
import { auc, aucByChance, median } from './support/stats.mjs';

const { pairs, users } = numbers({ pairs: 1000, users: 20 });
const WARM_UP = 20;

await withServices(async (services) => {
  const app = await startApp(services, {});
  const members = [];
  for (let i = 0; i < users; i += 1) members.push(await member(app));
  const existing = (i) => refusedMs(app, members[i % users].email);
  const unknown = () => refusedMs(app, new Client(app.url).email);
  for (let i = 0; i < WARM_UP; i += 1) await existing(i).then(unknown);

  const times = { existing: [], unknown: [] };
  for (let i = 0; i < pairs; i += 1) {
    // Which of the two comes first is left to chance, so that following the other is nobody's mark.
    const existingFirst = Math.random() < 0.5;
    if (existingFirst) times.existing.push(await existing(i));
    times.unknown.push(await unknown());
    if (!existingFirst) times.existing.push(await existing(i));
  }
  const [a, b] = [median(times.existing), median(times.unknown)];
  console.log(`existing user, wrong password: median ${a.toFixed(3)} ms`);
  console.log(`unknown user: median ${b.toFixed(3)} ms`);
  console.log(
    `difference of the medians: ${Math.abs(a - b).toFixed(3)} ms (${((Math.abs(a - b) / b) * 100).toFixed(2)} %)`,
  );
  const chance = aucByChance(pairs, pairs).toFixed(3);
  console.log(
    `AUC of "existing is slower": ${auc(times.existing, times.unknown).toFixed(3)} (by chance 0.5 ± ${chance})`,
  );
});

async function refusedMs(app, email) {
  const body = JSON.stringify({ email, password: `not the password ${randomUUID()}`, transport: 'bearer' });
  const headers = { 'content-type': 'application/json' };
  const startedAt = performance.now();
  const response = await fetch(`${app.url}/auth/login`, { method: 'POST', headers, body });
  const answer = await response.json();
  const ms = performance.now() - startedAt;
  if (answer.code !== 'login_failed') throw new Error(`${response.status} ${answer.code}`);
  return ms;
}
