import { setTimeout as pause } from 'node:timers/promises';
import { UnavailableError } from '../../src/core/app-error.js';
import { digestToken } from '../../src/sessions/opaque-token.js';
import { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { describeOwnRedis, failure } from '../support/own-redis.js';
import { attempt, logIn, loginOf, newUser, times } from '../../src/contract/store-fixture.js';
import type { Stores } from '../../src/contract/stores.js';
import { BY, because } from '../../src/contract/told.js';

describeOwnRedis('A Redis', (own) => {
  /** Milliseconds until the store answers again, asked by the same client. */
  const recovery = async (stores: Stores): Promise<number> => {
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

  it('that is stopped is an outage at once, and needs no new client when it is back', async () => {
    const { server, stores } = own();
    const user = await newUser(stores);
    const { session, token } = await logIn(stores, user);
    await server.stop();
    const acts = [
      () => stores.tokens.use(digestToken(token), BY),
      () => stores.tokens.rotate(attempt(token), BY),
      () => stores.tokens.endBy(digestToken(token), because('logout')),
      () => stores.sessions.open(loginOf(user).session, BY),
      () => stores.sessions.find(session.id),
      () => stores.sessions.touch(session.id),
      () => stores.sessions.list(user.id),
      () => stores.sessions.end(user.id, session.id, because('logout')),
      () => stores.sessions.endOthers(user.id, null, because('logout')),
      () => stores.sessions.endOlder(user.id, 1, because('user_changed')),
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
    expect(await recovery(stores)).toBeLessThan(3000);
    // It kept nothing, and what it does not know is unknown, never alive.
    expect(await stores.tokens.use(digestToken(token), BY)).toEqual({ verdict: 'unknown' });
    await logIn(stores, user);
  });

  it('that answers nothing is an outage within its time-out, and an ended session stays ended after it', async () => {
    const { server, stores } = own();
    const user = await newUser(stores);
    const { session, token } = await logIn(stores, user);
    await stores.sessions.end(user.id, session.id, because('logout'));
    server.freeze();
    const silent = await times(5, () => failure(stores.tokens.use(digestToken(token), BY)));
    for (const { error, ms } of silent) {
      expect(error).toBeInstanceOf(UnavailableError);
      expect(ms).toBeLessThan(1500);
    }
    // By now the connection is known to be dead: nobody waits for it again.
    const next = await failure(stores.tokens.use(digestToken(token), BY));
    expect(next.error).toBeInstanceOf(UnavailableError);
    expect(next.ms).toBeLessThan(300);
    server.thaw();
    expect(await recovery(stores)).toBeLessThan(8000);
    expect(await stores.tokens.use(digestToken(token), BY)).toMatchObject({ verdict: 'revoked' });
  });

  it('that cannot be reached at the start is an outage too', async () => {
    const { server } = own();
    await server.stop();
    const { error } = await failure(RedisConnection.connect({ url: server.url, connectWithinMs: 300 }));
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as UnavailableError).cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('that is full refuses a login as an outage and still ends sessions', async () => {
    const { redis, stores } = own();
    const user = await newUser(stores);
    const { session } = await logIn(stores, user);
    await redis.send(['CONFIG', 'SET', 'maxmemory', '1']);
    expect((await failure(stores.sessions.open(loginOf(user).session, BY))).error).toBeInstanceOf(UnavailableError);
    expect(await stores.sessions.end(user.id, session.id, because('logout'))).toMatchObject({ outcome: 'ended' });
    expect(await stores.sessions.find(session.id)).toEqual({ state: 'revoked' });
  });

  it.each([
    ['full', ['CONFIG', 'SET', 'maxmemory', '1'], 'Redis is full.'],
    ['read-only', ['REPLICAOF', '127.0.0.1', '1'], 'Redis is read-only.'],
  ])(
    'that is %s still says who holds a token, also when the use is to be written, and says what is wrong',
    async (...given) => {
      const [, harm, trouble] = given;
      const { redis, stores } = own();
      const { session, token } = await logIn(stores, await newUser(stores));
      const minutesAgo = String(Date.now() - 300_000);
      await redis.send(['HSET', `sallyport:session:${session.id}`, 'lastSeenAt', minutesAgo]);
      await stores.sessions.ping();
      await redis.send(harm);
      expect(await stores.tokens.use(digestToken(token), BY)).toMatchObject({ verdict: 'held' });
      expect((await failure(stores.sessions.touch(session.id))).error).toBeInstanceOf(UnavailableError);
      expect((await failure(stores.sessions.ping())).error).toMatchObject({ trouble });
      expect(await redis.send(['HGET', `sallyport:session:${session.id}`, 'lastSeenAt'])).toBe(minutesAgo);
    },
  );

  it('that turns read-only is an outage', async () => {
    const { redis, stores } = own();
    const user = await newUser(stores);
    await redis.send(['REPLICAOF', '127.0.0.1', '1']);
    expect((await failure(stores.sessions.open(loginOf(user).session, BY))).error).toBeInstanceOf(UnavailableError);
  });
});
