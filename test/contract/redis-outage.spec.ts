import { setTimeout as pause } from 'node:timers/promises';
import { UnavailableError } from '../../src/core/app-error.js';
import { digestToken } from '../../src/core/opaque-token.js';
import { RedisTime } from '../../src/storage/redis/redis-clock.js';
import { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { RedisScripts } from '../../src/storage/redis/redis-scripts.js';
import { RedisSessionStore } from '../../src/storage/redis/redis-session.store.js';
import { RedisTokenStore } from '../../src/storage/redis/redis-token.store.js';
import { FakeUserStore } from '../support/fake-user.store.js';
import { findRedisServer, NO_REDIS, RedisServer } from '../support/redis-server.js';
import { attempt, logIn, loginOf, newUser, POLICY, rotated, times } from '../support/store-fixture.js';
import type { Stores } from '../support/storages.js';

if (!findRedisServer()) process.stderr.write(`${NO_REDIS}\n`);

// These stop, fill and empty a Redis, so they never take the one that TEST_REDIS_URL names.
(findRedisServer() || process.env.CI === 'true' ? describe : describe.skip)('Redis', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let stores: Stores;

  beforeEach(async () => {
    server = await RedisServer.start();
    redis = await RedisConnection.connect({ url: server.url });
    const [users, now] = [new FakeUserStore(), new RedisTime()];
    const [sessions, tokens] = [
      new RedisSessionStore(redis, POLICY, users, now),
      new RedisTokenStore(redis, POLICY, now),
    ];
    stores = {
      sessions,
      tokens,
      users,
      advance: () => Promise.reject(new Error('not moved here')),
      close: () => redis.close(),
    };
  });

  afterEach(async () => {
    await redis.close();
    await server.stop();
  });

  /** Milliseconds until the store answers again, asked by the same client. */
  const recovery = async (): Promise<number> => {
    const from = performance.now();
    for (;;) {
      const answers = await stores.sessions.ping().then(
        () => true,
        () => false,
      );
      const ms = performance.now() - from;
      if (answers) return ms;
      if (ms > 10_000) throw new Error('Redis is back and the client is not');
      await pause(20);
    }
  };

  const failure = async (act: Promise<unknown>): Promise<{ error: unknown; ms: number }> => {
    const from = performance.now();
    const error = await act.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return { error, ms: performance.now() - from };
  };

  it('that is stopped is an outage at once, and needs no new client when it is back', async () => {
    const user = await newUser(stores);
    const { session, token } = await logIn(stores, user);
    await server.stop();
    const acts = [
      () => stores.tokens.use(digestToken(token)),
      () => stores.tokens.rotate(attempt(token)),
      () => stores.tokens.sessionOf(digestToken(token)),
      () => stores.tokens.endBy(digestToken(token), 'logout'),
      () => stores.sessions.open(loginOf(user).session),
      () => stores.sessions.find(session.id),
      () => stores.sessions.touch(session.id),
      () => stores.sessions.list(user.id),
      () => stores.sessions.end(user.id, session.id, 'logout'),
      () => stores.sessions.endOthers(user.id, null, 'logout'),
      () => stores.sessions.endOlder(user.id, 1, 'user_changed'),
      () => stores.sessions.endedSince(new Date(), 10),
      () => stores.sessions.countByMode(),
      () => stores.sessions.sweep(10),
      () => stores.sessions.ping(),
    ];
    for (const act of acts) {
      const { error, ms } = await failure(act());
      expect(error).toBeInstanceOf(UnavailableError);
      expect(ms).toBeLessThan(300);
    }
    await server.resume();
    expect(await recovery()).toBeLessThan(3000);
    // It kept nothing, and what it does not know is unknown, never alive.
    expect(await stores.tokens.use(digestToken(token))).toEqual({ verdict: 'unknown' });
    await logIn(stores, user);
  });

  it('that answers nothing is an outage within its time-out, and an ended session stays ended after it', async () => {
    const user = await newUser(stores);
    const { session, token } = await logIn(stores, user);
    await stores.sessions.end(user.id, session.id, 'logout');
    server.freeze();
    const silent = await times(5, () => failure(stores.tokens.use(digestToken(token))));
    for (const { error, ms } of silent) {
      expect(error).toBeInstanceOf(UnavailableError);
      expect(ms).toBeLessThan(1500);
    }
    // By now the connection is known to be dead: nobody waits for it again.
    const next = await failure(stores.tokens.use(digestToken(token)));
    expect(next.error).toBeInstanceOf(UnavailableError);
    expect(next.ms).toBeLessThan(300);
    server.thaw();
    expect(await recovery()).toBeLessThan(8000);
    expect(await stores.tokens.use(digestToken(token))).toMatchObject({ verdict: 'revoked' });
  });

  it('that cannot be reached at the start is an outage too', async () => {
    await server.stop();
    const { error } = await failure(RedisConnection.connect({ url: server.url, connectWithinMs: 300 }));
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as UnavailableError).cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('that is full refuses a login as an outage and still ends sessions', async () => {
    const user = await newUser(stores);
    const { session } = await logIn(stores, user);
    await redis.send(['CONFIG', 'SET', 'maxmemory', '1']);
    expect((await failure(stores.sessions.open(loginOf(user).session))).error).toBeInstanceOf(UnavailableError);
    expect(await stores.sessions.end(user.id, session.id, 'logout')).toBe(true);
    expect(await stores.sessions.find(session.id)).toEqual({ state: 'revoked' });
  });

  it('that turns read-only is an outage', async () => {
    const user = await newUser(stores);
    await redis.send(['REPLICAOF', '127.0.0.1', '1']);
    expect((await failure(stores.sessions.open(loginOf(user).session))).error).toBeInstanceOf(UnavailableError);
  });

  it('that forgot the scripts is told them again', async () => {
    const { token } = await logIn(stores, await newUser(stores));
    await redis.send(['SCRIPT', 'FLUSH']);
    expect(await stores.tokens.use(digestToken(token))).toMatchObject({ verdict: 'held' });
  });

  it('does not hide a script that is wrong behind an outage', async () => {
    const { error } = await failure(new RedisScripts(redis, new RedisTime()).run('return no.such.thing'));
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(UnavailableError);
  });

  it('that is emptied leaves sessions unknown, and nothing brings them back', async () => {
    const { session, token } = await logIn(stores, await newUser(stores));
    await redis.send(['FLUSHALL']);
    await stores.sessions.touch(session.id);
    expect(await stores.tokens.use(digestToken(token))).toEqual({ verdict: 'unknown' });
    expect(await stores.tokens.rotate(attempt(token))).toEqual({ verdict: 'unknown' });
    expect(await stores.sessions.find(session.id)).toEqual({ state: 'unknown' });
    expect(await redis.send(['DBSIZE'])).toBe(0);
  });

  it('holds no token, only digests, and forgets every key some day', async () => {
    const user = await newUser(stores);
    const { token, session } = await logIn(stores, user);
    const chain = [token];
    for (let i = 0; i < 3; i += 1) chain.push(await rotated(stores, chain[i]!));
    const ended = await logIn(stores, user);
    await stores.sessions.end(user.id, ended.session.id, 'logout');

    const keys = (await redis.send(['KEYS', '*'])) as string[];
    expect(keys).toContain(`sallyport:token:${digestToken(chain[3]!).toString('base64url')}`);
    const dump: string[] = [];
    for (const key of keys) {
      expect(key.startsWith('sallyport:')).toBe(true);
      expect(await redis.send(['PTTL', key])).toBeGreaterThan(0);
      const read = { hash: ['HGETALL', key], zset: ['ZRANGE', key, '0', '-1'] }[
        String(await redis.send(['TYPE', key]))
      ];
      dump.push(key, JSON.stringify(await redis.send(read!)));
    }
    const stored = dump.join('\n');
    expect(stored).toContain(session.id);
    for (const each of [...chain, ended.token]) {
      expect(stored).not.toContain(each.slice(4));
      expect(stored).not.toContain(Buffer.from(each.slice(4), 'base64url').toString('hex'));
    }
  });
});
