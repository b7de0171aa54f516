import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import pg from 'pg';
import { createClient } from 'redis';
import type { MemorySessions } from '../../src/storage/memory/memory-sessions.js';
import { SessionStore } from '../../src/sessions/session.store.js';
import { TokenStore } from '../../src/sessions/token.store.js';
import type { Client } from '../support/client.js';
import { type Column, inEveryColumn } from '../support/columns.js';
import { eventually } from '../support/eventually.js';

/** Everything that this column's store of sessions holds, and the database of its users. */
async function dump({ store, app }: Column): Promise<Buffer> {
  const parts = [await dumpPostgres()];
  if (store === 'redis') parts.push(await dumpRedis());
  if (store === 'memory') {
    const { state } = app.nest.get<unknown, { state: MemorySessions }>(SessionStore);
    parts.push(serialize(state));
  }
  return Buffer.concat(parts);
}

/** The audit trail, of all tests, is looked through at the end of the run. */
const TABLES = `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'sallyport' AND tablename !~ '^audit_events'`;

async function dumpPostgres(): Promise<Buffer> {
  const postgres = new pg.Client({ connectionString: process.env.TEST_WORKER_DATABASE_URL });
  await postgres.connect();
  const rows: unknown[] = [];
  const tables = await postgres.query<{ name: string }>(TABLES);
  for (const { name } of tables.rows) rows.push((await postgres.query(`SELECT t::text FROM sallyport.${name} t`)).rows);
  await postgres.end();
  return Buffer.from(JSON.stringify(rows));
}

async function dumpRedis(): Promise<Buffer> {
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
  return Buffer.from(found.join('\n'));
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

function longLived({ held: { accessToken, refreshToken, cookies } }: Client): string {
  return [accessToken, refreshToken, ...Object.values(cookies)].find((token) => token && /^(ses|ref)_/.test(token))!;
}

/** How the stores may write the same bytes. */
const spellings = (bytes: Buffer): (string | Buffer)[] => [bytes, bytes.toString('hex'), bytes.toString('base64url')];

inEveryColumn({}, (column) => {
  const { member, scenario } = column;

  scenario('keeps digests of tokens, and nothing that opens a session (R1.2)', async () => {
    const ada = await member();
    const before = ada.copy();
    await ada.refresh();
    const handed = [before, ada].flatMap(({ held: { accessToken, refreshToken, cookies } }) =>
      [accessToken, refreshToken, ...Object.values(cookies)].filter((token) => token !== undefined),
    );
    const id = await ada.sessionId();
    const stored = await dump(column);
    const holds = (searched: (string | Buffer)[]): boolean => searched.some((one) => stored.includes(one));
    // It is the right place that is searched: the session is in it, and the digests of its tokens.
    expect(stored.includes(id)).toBe(true);
    const opaque = handed.filter((token) => !token.startsWith('eyJ'));
    expect(new Set(opaque).size).toBe(2);
    for (const token of opaque) expect(holds(spellings(sha256(token)))).toBe(true);
    for (const token of handed) {
      const secret = token.slice(4);
      expect(holds([token, secret, ...spellings(Buffer.from(secret, 'base64url'))])).toBe(false);
      expect(holds(spellings(sha256(secret)))).toBe(false);
    }
  });

  scenario(
    'keeps nothing that makes a token of an older one, from the first use after the window on (R1.2)',
    async () => {
      const rotate = jest.spyOn(column.app.nest.get(TokenStore, { strict: false }), 'rotate');
      const ada = await member();
      await ada.refresh();
      const { salt } = rotate.mock.calls[0]![0];
      rotate.mockRestore();
      const isKept = async (): Promise<boolean> => {
        const stored = await dump(column);
        return spellings(salt).some((spelt) => stored.includes(spelt));
      };
      expect((await ada.me()).status).toBe(200);
      expect(await isKept()).toBe(true);
      await column.app.advance(61_000);
      expect((await ada.me()).status).toBe(200);
      // In jwt mode the use is written after the answer.
      await eventually(async () => !(await isKept()));
      expect((await ada.refresh()).status).toBe(200);
    },
  );

  scenario('keeps the digests of the last 32 tokens of a session, and deletes the older ones', async () => {
    const ada = await member();
    const tokens: string[] = [];
    const refresh = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1) {
        expect((await ada.refresh()).status).toBe(200);
        tokens.push(longLived(ada));
      }
    };
    await refresh(33);
    await column.app.advance(11_000);
    await refresh(8);
    const stored = await dump(column);
    const kept = tokens.map((token) => spellings(sha256(token)).some((spelt) => stored.includes(spelt)));
    expect(kept).toEqual(tokens.map((_, i) => i >= tokens.length - 32));
  });

  scenario('hands out opaque tokens that are small, and JWTs that hold ids alone (R6.3, R7.8)', async () => {
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
