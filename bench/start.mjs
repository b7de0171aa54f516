// node bench/start.mjs [--runs 5]
//
// From starting the built product to its first answer: cold, with no database yet, and warm, with one from before.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnApp } from './support/app.mjs';
import { numbers } from './support/options.mjs';
import { build, end, freePort, makeFolder } from './support/services.mjs';
import { median } from './support/stats.mjs';

const { runs } = numbers({ runs: 5 });
const ASK_EVERY_MS = 10;

build();
const folder = makeFolder();
const times = { cold: [], warm: [] };
try {
  for (let run = 0; run < runs; run += 1) {
    rmSync(join(folder, '.data'), { recursive: true, force: true, maxRetries: 5 });
    times.cold.push(await firstAnswerMs());
    times.warm.push(await firstAnswerMs());
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
for (const [name, all] of Object.entries(times)) {
  console.log(`${name}: median ${Math.round(median(all))} ms (${all.map(Math.round).join(', ')})`);
}

async function firstAnswerMs() {
  const port = await freePort();
  const startedAt = performance.now();
  const app = spawnApp(folder, port, {});
  try {
    await untilAnswered(`http://127.0.0.1:${port}/health/live`, app);
    return performance.now() - startedAt;
  } finally {
    await end(app);
  }
}

async function untilAnswered(url, app) {
  for (;;) {
    if (app.exitCode !== null) throw new Error(`The product ended with ${app.exitCode}.`);
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await pause(ASK_EVERY_MS);
  }
}
