import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { KeyedHash } from '../../src/core/keyed-hash.js';
import type { LimitName } from '../../src/limits/limit.js';
import { type Bucket, type FullBucket, LimitStore, type Taking } from '../../src/limits/limit.store.js';
import { dataSourceOptions, poolOf } from '../../src/storage/postgres/data-source.js';
import { PostgresLimitStore } from '../../src/storage/postgres/postgres-limit.store.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import { postgres } from './postgres-storage.js';
import type { Storage } from './storages.js';

const KEY = Buffer.alloc(32, 7);

const PATIENTLY = { statement_timeout: 20_000, query_timeout: 20_000 };

/** A store of limits as one more instance has it, with connections of its own; hundreds of acts at once may wait their turn. */
export async function limitStore(): Promise<{ store: LimitStore; statements: Statements; close(): Promise<void> }> {
  const options = dataSourceOptions(process.env.TEST_WORKER_DATABASE_URL!);
  const extra = { ...(options.extra as object), ...PATIENTLY };
  const dataSource = await new DataSource({
    ...options,
    connectTimeoutMS: 20_000,
    extra,
  } as typeof options).initialize();
  const statements = new Statements(poolOf(dataSource));
  const store = new PostgresLimitStore(statements, new KeyedHash(KEY));
  return { store, statements, close: () => dataSource.destroy() };
}

/** Asks its stores in turn, as the acts of a service come to its instances. */
class InTurn extends LimitStore {
  private next = 0;

  constructor(private readonly stores: readonly LimitStore[]) {
    super();
  }

  take(buckets: readonly Bucket[]): Promise<Taking> {
    return this.one().take(buckets);
  }

  giveBack(takenAt: string, own: readonly Bucket[], cleared: readonly Bucket[]): Promise<void> {
    return this.one().giveBack(takenAt, own, cleared);
  }

  sweep(batch: number): Promise<number> {
    return this.one().sweep(batch);
  }

  private one(): LimitStore {
    return this.stores[(this.next += 1) % this.stores.length]!;
  }
}

/** The limits in Postgres, as so many instances share them. */
export function limitsOfInstances(count: number): Storage<'limits'> {
  return {
    ...postgres,
    async make(policy) {
      const { advance, close } = await postgres.make(policy);
      const instances = await Promise.all(Array.from({ length: count }, limitStore));
      return {
        limits: new InTurn(instances.map(({ store }) => store)),
        advance,
        close: async () => void (await Promise.all([close(), ...instances.map((instance) => instance.close())])),
      };
    },
  };
}

/** A bucket in which nothing has been counted. */
export function newBucket(limit: LimitName): Bucket {
  return { limit, subject: randomUUID() };
}

/** What keeps the act out: empty when it was counted. */
export async function takenOrFull(store: LimitStore, ...buckets: Bucket[]): Promise<readonly FullBucket[]> {
  const taking = await store.take(buckets);
  return 'full' in taking ? taking.full : [];
}

/** Counts an act; fails when a bucket is full. What it answers names the count. */
export async function taken(store: LimitStore, ...buckets: Bucket[]): Promise<string> {
  const taking = await store.take(buckets);
  expect(taking).toEqual({ takenAt: expect.any(String) });
  return 'takenAt' in taking ? taking.takenAt : '';
}

/** Counts so many acts, one after the other. */
export async function fill(store: LimitStore, count: number, ...buckets: Bucket[]): Promise<void> {
  for (let i = 0; i < count; i += 1) await taken(store, ...buckets);
}
