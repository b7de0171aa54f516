// node bench/peers.mjs [--rounds 5] [--seconds 3] [--connections 24]       (after npm install --prefix bench/peers)
//
// What a guarded request costs in other servers and in ours: its rate as a part of the rate of an open route of the same
// process. Theirs are bare Express and ours is Nest; README.md says what that means for the ratio.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { interleaved, Load, report } from './support/load.mjs';
import { numbers } from './support/options.mjs';
import { ourSubject } from './support/our-routes.mjs';
import { freePort, withServices } from './support/services.mjs';
import { untilOpen } from './support/until-open.mjs';

const { connections, ...options } = numbers({ rounds: 5, seconds: 3, connections: 24 });
const PEERS = join(import.meta.dirname, 'peers');
const THEIRS = {
  'express-session, connect-pg-simple, passport': 'session-postgres',
  'express-session, connect-redis, passport': 'session-redis',
  'jsonwebtoken HS256': 'jwt',
};
const OURS = {
  'ours, session on postgres': { AUTH_MODE: 'session', SESSION_STORE: 'postgres' },
  'ours, session on redis': { AUTH_MODE: 'session', SESSION_STORE: 'redis' },
  'ours, jwt HS256': { AUTH_MODE: 'jwt', JWT_ALGORITHM: 'HS256' },
  'ours, jwt ES256': { AUTH_MODE: 'jwt', JWT_ALGORITHM: 'ES256' },
};

// Without it Node would look further up, and find the root's packages for some of theirs.
if (!existsSync(join(PEERS, 'node_modules'))) throw new Error('First: npm install --prefix bench/peers');

await withServices(async (services) => {
  const subjects = [];
  for (const [name, kind] of Object.entries(THEIRS)) subjects.push(await peerSubject(services, name, kind));
  for (const [name, settings] of Object.entries(OURS)) subjects.push(await ourSubject(services, name, settings));
  console.log(report(subjects, await interleaved(new Load(services, connections), subjects, options)));
});

async function peerSubject(services, name, kind) {
  const { url, redisUrl } = await services.newDatabase();
  const port = await freePort();
  const env = { PATH: process.env.PATH, PORT: String(port), DATABASE_URL: url, REDIS_URL: redisUrl };
  const command = [join(PEERS, 'server.mjs'), kind];
  await untilOpen(
    port,
    services.own(spawn(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'inherit'] })),
  );
  const response = await fetch(`http://127.0.0.1:${port}/login`, { method: 'POST' });
  if (!response.ok) throw new Error(`${name}: the login was answered ${response.status}`);
  const { token } = await response.json();
  const cookie = response.headers.get('set-cookie')?.split(';', 1)[0];
  const headers = token ? { authorization: `Bearer ${token}` } : { cookie };
  const open = { name: 'GET /open', port, path: '/open' };
  return { name, routes: [open, { name: 'GET /me', of: open.name, port, path: '/me', headers }] };
}
