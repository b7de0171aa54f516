import { UnavailableError } from '../../src/core/app-error.js';
import { digestToken } from '../../src/sessions/opaque-token.js';
import { RedisTime } from '../../src/storage/redis/redis-clock.js';
import { script } from '../../src/storage/redis/redis-script.js';
import { RedisScripts } from '../../src/storage/redis/redis-scripts.js';
import { describeOwnRedis, failure } from '../support/own-redis.js';
import { attempt, logIn, newUser, rotated } from '../../src/contract/store-fixture.js';
import { BY, because } from '../../src/contract/told.js';

describeOwnRedis('A Redis', (own) => {
  it('that forgot the scripts is told them again', async () => {
    const { redis, stores } = own();
    const { token } = await logIn(stores, await newUser(stores));
    await redis.send(['SCRIPT', 'FLUSH']);
    expect(await stores.tokens.use(digestToken(token), BY)).toMatchObject({ verdict: 'held' });
  });

  it('does not hide a script that is wrong behind an outage', async () => {
    const { redis } = own();
    const { error } = await failure(
      new RedisScripts(redis, new RedisTime()).run(script('wrong', 'return no.such.thing')),
    );
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(UnavailableError);
  });

  it('that is emptied leaves sessions unknown, and nothing brings them back', async () => {
    const { redis, stores } = own();
    const { session, token } = await logIn(stores, await newUser(stores));
    await redis.send(['FLUSHALL']);
    await stores.sessions.touch(session.id);
    expect(await stores.tokens.use(digestToken(token), BY)).toEqual({ verdict: 'unknown' });
    expect(await stores.tokens.rotate(attempt(token), BY)).toEqual({ verdict: 'unknown' });
    expect(await stores.sessions.find(session.id)).toEqual({ state: 'unknown' });
    expect(await redis.send(['DBSIZE'])).toBe(0);
  });

  it('holds no token, only digests, and forgets every key some day', async () => {
    const { redis, stores } = own();
    const user = await newUser(stores);
    const { token, session } = await logIn(stores, user);
    const chain = [token];
    for (let i = 0; i < 3; i += 1) chain.push(await rotated(stores, chain[i]!));
    const ended = await logIn(stores, user);
    await stores.sessions.end(user.id, ended.session.id, because('logout'));

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
