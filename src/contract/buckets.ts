import { randomUUID } from 'node:crypto';
import type { LimitName } from '../limits/limit.js';
import type { Bucket, FullBucket, LimitStore } from '../limits/limit.store.js';

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
