import { RedisTime } from '../../src/storage/redis/redis-clock.js';
import { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { RedisSessionStore } from '../../src/storage/redis/redis-session.store.js';
import { RedisTokenStore } from '../../src/storage/redis/redis-token.store.js';
import { FakeUserStore } from './fake-user.store.js';
import { findRedisServer, NO_REDIS, RedisServer } from './redis-server.js';
import { POLICY } from '../../src/contract/store-fixture.js';
import type { Stores } from '../../src/contract/stores.js';
import { HeardAudit } from '../../src/contract/told.js';

export interface OwnRedis {
  readonly server: RedisServer;
  readonly redis: RedisConnection;
  /** On the server's own clock, which nobody moves. */
  readonly stores: Stores;
}

/** A Redis for each test, to stop, fill and empty: never one that an environment variable names. */
export function describeOwnRedis(title: string, suite: (own: () => OwnRedis) => void): void {
  if (!findRedisServer()) process.stderr.write(`${NO_REDIS}\n`);
  (findRedisServer() || process.env.CI === 'true' ? describe : describe.skip)(title, () => {
    let own: OwnRedis | null = null;

    beforeEach(async () => {
      const server = await RedisServer.start();
      const redis = await RedisConnection.connect({ url: server.url });
      const [users, now] = [new FakeUserStore(), new RedisTime()];
      const audit = new HeardAudit();
      const sessions = new RedisSessionStore(redis, POLICY, users, now, audit);
      const tokens = new RedisTokenStore(redis, POLICY, now, audit);
      const advance = () => Promise.reject(new Error('This clock is not moved'));
      own = {
        server,
        redis,
        stores: { sessions, tokens, users, advance, close: () => redis.close() },
      };
    });

    afterEach(async () => {
      await own?.redis.close();
      await own?.server.stop();
      own = null;
    });

    suite(() => own!);
  });
}

/** What an act throws (null: nothing), and after how many milliseconds. */
export async function failure(act: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const from = performance.now();
  const error = await act.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { error, ms: performance.now() - from };
}
