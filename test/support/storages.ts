import type { AllStores, Stores, TestedStorage } from '../../src/contract/stores.js';
import { randomUUID } from 'node:crypto';
import { MemoryLimitStore } from '../../src/storage/memory/memory-limit.store.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { MemorySessions } from '../../src/storage/memory/memory-sessions.js';
import { MemoryTokenStore } from '../../src/storage/memory/memory-token.store.js';
import { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { RedisSessionStore } from '../../src/storage/redis/redis-session.store.js';
import { RedisTokenStore } from '../../src/storage/redis/redis-token.store.js';
import { FakeUserStore } from './fake-user.store.js';
import { MovedClock, MovedRedisTime, REDIS_OFFSET } from './moved-clock.js';
import { postgres } from './postgres-storage.js';
import { HeardAudit } from '../../src/contract/told.js';
import { findRedisServer, NO_REDIS, RedisServer } from './redis-server.js';

export const memory: TestedStorage<keyof AllStores> = {
  name: 'memory',
  missing: null,
  async make(policy) {
    const clock = new MovedClock();
    const state = new MemorySessions(clock, policy);
    const users = new FakeUserStore(clock);
    const audit = new HeardAudit();
    return {
      sessions: new MemorySessionStore(state, users, audit),
      tokens: new MemoryTokenStore(state, audit),
      users,
      limits: new MemoryLimitStore(clock),
      told: async () => audit.heard,
      advance: async (ms) => clock.advance(ms),
      close: async () => undefined,
    };
  },
  stop: async () => undefined,
};

/** The one that the global set-up gives this worker, or one that was named. */
const givenRedis = process.env.TEST_WORKER_REDIS_URL ?? process.env.TEST_REDIS_URL;

/** Without one each file that asks has a server of its own. */
let redisServer: Promise<RedisServer> | null = null;

async function redisUrl(): Promise<string> {
  if (givenRedis) return givenRedis;
  redisServer ??= RedisServer.start();
  return (await redisServer).url;
}

const redis: TestedStorage<keyof Stores | 'told'> = {
  name: 'redis',
  missing: givenRedis || findRedisServer() ? null : NO_REDIS,
  async make(policy) {
    const connection = await RedisConnection.connect({ url: await redisUrl(), prefix: `test:${randomUUID()}:` });
    const time = new MovedRedisTime();
    const offset = `${connection.prefix}${REDIS_OFFSET}`;
    const users = new FakeUserStore();
    const audit = new HeardAudit();
    return {
      sessions: new RedisSessionStore(connection, policy, users, time, audit),
      tokens: new RedisTokenStore(connection, policy, time, audit),
      users,
      told: async () => audit.heard,
      advance: async (ms) => {
        await connection.send(['INCRBY', offset, String(ms)]);
        await connection.send(['EXPIRE', offset, '3600']);
      },
      close: () => connection.close(),
    };
  },
  async stop() {
    await (await redisServer)?.stop();
    redisServer = null;
  },
};

export const storages: readonly TestedStorage<keyof Stores | 'told'>[] = [memory, redis, postgres];
