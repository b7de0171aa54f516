import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { KeyedHash } from '../../src/core/keyed-hash.js';
import type { LimitName } from '../../src/limits/limit.js';
import type { Bucket, FullBucket, LimitStore } from '../../src/limits/limit.store.js';
import { dataSourceOptions, poolOf } from '../../src/storage/postgres/data-source.js';
import { PostgresLimitStore } from '../../src/storage/postgres/postgres-limit.store.js';
import { Statements } from '../../src/storage/postgres/statements.js';

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
