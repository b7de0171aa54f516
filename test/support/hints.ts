import { randomUUID } from 'node:crypto';
import type { HintsOfInstance } from '../../src/contract/revocation-hints.contract.js';
import { MemoryHints } from '../../src/storage/memory/memory-hints.js';
import { poolOf } from '../../src/storage/postgres/data-source.js';
import { connect } from '../../src/storage/postgres/database-at.js';
import { PostgresHints } from '../../src/storage/postgres/postgres-hints.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { RedisHints } from '../../src/storage/redis/redis-hints.js';
import { FaultProxy } from './fault-proxy.js';
import { SHARED_STORES } from './shared-stores.js';

export type ConnectHints = (url: string) => Promise<HintsOfInstance>;

export async function memoryHints(): Promise<HintsOfInstance> {
  const hints = new MemoryHints();
  return { hints, close: () => hints.close() };
}

async function postgresHints(url: string): Promise<HintsOfInstance> {
  const dataSource = await connect(url);
  const hints = new PostgresHints(poolOf(dataSource), new Statements(poolOf(dataSource)));
  return {
    hints,
    close: async () => {
      await hints.close();
      await dataSource.destroy();
    },
  };
}

/** Redis has one set of channels for all of its databases, so those of a test have a name of their own. */
const prefix = `test:${randomUUID()}:`;

async function redisHints(url: string): Promise<HintsOfInstance> {
  const connection = await RedisConnection.connect({ url, prefix });
  const hints = new RedisHints(url, connection);
  return {
    hints,
    close: async () => {
      await hints.close();
      await connection.close();
    },
  };
}

/** Over a link that ends with the instance, so that no connection of a test outlives it. */
const overLink = (url: string, connectTo: ConnectHints) => async (): Promise<HintsOfInstance> => {
  const link = await FaultProxy.to(url);
  const { hints, close } = await connectTo(link.url);
  return {
    hints,
    close: async () => {
      await close();
      await link.close();
    },
  };
};

const CONNECT = { postgres: postgresHints, redis: redisHints };

/** The hints of each store that instances can share. */
export const SHARED_HINTS = SHARED_STORES.map(({ store, url }) => ({
  store,
  url,
  connect: CONNECT[store],
  connectAlone: overLink(url, CONNECT[store]),
}));
