import type { LimitName, Window } from './limit.js';

/** What is counted for one subject under one limit. */
export interface Bucket {
  readonly limit: LimitName;
  /** Whom it is counted for: a source, the normalised e-mail of an account, the id of a user. Stores keep a keyed hash of it alone. */
  readonly subject: string;
}

/** A bucket that is full. */
export interface FullBucket {
  readonly bucket: Bucket;
  /** The window that is full; null for a back-off. */
  readonly window: Window | null;
  readonly waitMs: number;
}

export type Taking =
  /** `takenAt` names this act's own count among the others of a bucket. */
  { readonly takenAt: string } | { readonly full: readonly [FullBucket, ...FullBucket[]] };

/**
 * Where acts are counted, shared by all instances. Each method is one whole act, by the store's own clock. When the store cannot
 * be asked, every method throws `UnavailableError`: what cannot be counted is not done.
 *
 * @example
 * const taking = await store.take([{ limit: 'register-source', subject: '192.0.2.0/24' }]);
 * if ('full' in taking) throw new Error(`Wait for ${taking.full[0].waitMs} ms.`);
 */
export abstract class LimitStore {
  /** Counts an act in each of these different buckets; in none of them when one is full. Exact, however many ask at once. */
  abstract take(buckets: readonly Bucket[]): Promise<Taking>;

  /** Takes the count of `takenAt` away from the buckets `own`, and all counts from `cleared`. Harmless to repeat. */
  abstract giveBack(takenAt: string, own: readonly Bucket[], cleared: readonly Bucket[]): Promise<void>;

  /** Deletes up to `batch` buckets whose counts mean nothing any more, oldest first; says how many. */
  abstract sweep(batch: number): Promise<number>;
}
