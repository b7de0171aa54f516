// node bench/refresh-burst.mjs [--rounds 200] [--parallel 50]
//
// Many refreshes at once with one credential: each round has to end with one successor, and nobody refused.
import { member, startApp } from './support/app.mjs';
import { numbers } from './support/options.mjs';
import { withServices } from './support/services.mjs';

const { rounds, parallel } = numbers({ rounds: 200, parallel: 50 });

await withServices(async (services) => {
  const columns = [];
  for (const mode of ['session', 'jwt']) {
    for (const store of ['postgres', 'redis']) {
      const app = await startApp(services, { AUTH_MODE: mode, SESSION_STORE: store });
      columns.push({ name: `${mode} on ${store}`, client: await member(app), ms: 0, forked: 0, refused: 0, failed: 0 });
    }
  }
  // By turns, so that a busy moment of the machine falls on all of them.
  for (let round = 0; round < rounds; round += 1) for (const column of columns) await burst(column);
  for (const { name, ms, forked, refused, failed } of columns) {
    const work = `${rounds} rounds of ${parallel} in ${(ms / 1000).toFixed(1)} s`;
    console.log(
      `${name}: ${work}; rounds without exactly one successor ${forked}, 401s ${refused}, other failures ${failed}`,
    );
    if (forked + refused + failed > 0) process.exitCode = 1;
  }
});

async function burst(column) {
  const { client } = column;
  const old = longLived(client.held);
  const startedAt = performance.now();
  const answers = await Promise.all(Array.from({ length: parallel }, () => client.tryRefresh()));
  column.ms += performance.now() - startedAt;
  const good = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status === 401);
  const successors = new Set(good.map(({ body }) => longLived(body)));
  column.refused += refused.length;
  column.failed += answers.length - good.length - refused.length;
  if (successors.size !== 1 || successors.has(old)) column.forked += 1;
  // Any of them will do. Without one the next round is refused as well, and counts.
  if (good.length > 0) client.held = good.at(-1).body;
}

/** What a refresh replaces: the refresh token in jwt mode, the session token in session mode. */
function longLived({ refreshToken, accessToken }) {
  return refreshToken ?? accessToken;
}
