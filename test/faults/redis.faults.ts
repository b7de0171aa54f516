import { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { closedPort } from '../support/closed-port.js';
import type { Fault, Stage } from './fault.js';

const tell =
  (...command: string[]) =>
  async ({ site }: Stage): Promise<void> => {
    const redis = await RedisConnection.connect({ url: site.redis!.url });
    await redis.send(command);
    await redis.close();
  };

const OF_REDIS = { id: 'L3', stores: ['redis'] } as const;

/** Redis goes, holds still, refuses or forgets. It writes down what it is told, as the documentation asks. */
export const REDIS_FAULTS: readonly Fault[] = [
  {
    ...OF_REDIS,
    name: 'Redis is killed',
    inflict: ({ site }) => site.redis!.stop(),
    heal: ({ site }) => site.redis!.resume(),
  },
  {
    ...OF_REDIS,
    name: 'Redis holds still for 5 s',
    inflict: ({ site }) => site.redis!.freeze(),
    lastsMs: 5000,
    heal: ({ site }) => site.redis!.thaw(),
  },
  {
    ...OF_REDIS,
    name: 'Redis is full',
    inflict: tell('CONFIG', 'SET', 'maxmemory', '1'),
    heal: tell('CONFIG', 'SET', 'maxmemory', '0'),
  },
  {
    ...OF_REDIS,
    name: 'Redis becomes a replica of nobody',
    inflict: async (stage) => tell('REPLICAOF', '127.0.0.1', String(await closedPort()))(stage),
    heal: tell('REPLICAOF', 'NO', 'ONE'),
  },
  { ...OF_REDIS, name: 'Redis forgets everything', forgets: true, inflict: tell('FLUSHALL'), lastsMs: 1000 },
];
