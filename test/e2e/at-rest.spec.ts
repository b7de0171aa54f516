import { createHash } from 'node:crypto';
import pg from 'pg';
import { createClient } from 'redis';
import { inEveryColumn } from '../support/columns.js';

/** Everything that the stores hold, as text. */
async function dump(): Promise<string> {
  const postgres = new pg.Client({ connectionString: process.env.TEST_WORKER_DATABASE_URL });
  await postgres.connect();
  const rows: unknown[] = [];
  for (const table of ['users', 'sessions', 'refresh_tokens'])
    rows.push((await postgres.query(`SELECT t::text FROM ${table} t`)).rows);
  await postgres.end();
  return JSON.stringify(rows) + (process.env.TEST_WORKER_REDIS_URL ? await dumpRedis() : '');
}

async function dumpRedis(): Promise<string> {
  const redis = await createClient({ url: process.env.TEST_WORKER_REDIS_URL }).connect();
  const found: string[] = [];
  for await (const keys of redis.scanIterator()) {
    for (const key of keys) {
      const type = await redis.type(key);
      if (type === 'hash') found.push(key, JSON.stringify(await redis.hGetAll(key)));
      else if (type === 'zset') found.push(key, JSON.stringify(await redis.zRange(key, 0, -1)));
      else if (type === 'set') found.push(key, JSON.stringify(await redis.sMembers(key)));
      else found.push(key, (await redis.get(key)) ?? '');
    }
  }
  await redis.close();
  return found.join('\n');
}

inEveryColumn({}, ({ member, scenario }) => {
  scenario('keeps digests of tokens, and nothing that opens a session (R1.2)', async () => {
    const ada = await member();
    const handed = [ada.held, (await ada.refresh(), ada.held)].flatMap(({ accessToken, refreshToken, cookies }) =>
      [accessToken, refreshToken, ...Object.values(cookies)].filter((token) => token !== undefined),
    );
    const stored = await dump();
    expect(handed.length).toBeGreaterThan(1);
    for (const token of handed) {
      expect(stored).not.toContain(token);
      expect(stored).not.toContain(token.slice(4));
      expect(stored).not.toContain(Buffer.from(token.slice(4), 'base64url').toString('hex'));
      expect(stored).not.toContain(createHash('sha256').update(token.slice(4)).digest('hex'));
    }
  });

  scenario('hands out opaque tokens that are small, and JWTs that hold ids alone (R7.8)', async () => {
    const ada = await member();
    const tokens = [ada.held.accessToken, ada.held.refreshToken, ...Object.values(ada.held.cookies)].filter(
      (token) => token !== undefined,
    );
    for (const token of tokens) {
      if (!token.startsWith('eyJ')) {
        expect(token).toMatch(/^(ses|ref)_[A-Za-z0-9_-]{43}$/);
        continue;
      }
      const [header, claims] = token
        .split('.')
        .slice(0, 2)
        .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
      expect(Object.keys(header).sort()).toEqual(['alg', 'kid', 'typ']);
      expect(Object.keys(claims).sort()).toEqual([
        'acr',
        'amr',
        'aud',
        'auth_time',
        'client_id',
        'exp',
        'iat',
        'iss',
        'jti',
        'roles',
        'sid',
        'sub',
      ]);
      expect(Buffer.byteLength(token)).toBeLessThan(1024);
    }
  });
});
