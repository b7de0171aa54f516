import { Injectable } from '@nestjs/common';
import { UnavailableError } from '../core/app-error.js';
import type { Origin } from '../core/origin.js';
import { LimitReports, type Owner } from './limit-reports.js';
import { limitOf } from './limit.js';
import { type Bucket, type FullBucket, LimitStore } from './limit.store.js';
import { LimitOptions } from './limits.options.js';
import { rateLimited } from './rate-limited.js';

/** For the act that was counted: what it is to call once it has succeeded. */
export type Succeeded = () => Promise<void>;

/**
 * Counts acts before they are done, so that no number of them at once can get past a limit.
 *
 * @example
 * const buckets = [{ limit: 'password-change', subject: userId }] as const;
 * return limiter.around(buckets, origin, async (succeeded) => {
 *   if (!(await isRight(password))) throw new AppError('current_password_wrong'); // stays counted
 *   await succeeded();
 * });
 */
@Injectable()
export class Limiter {
  constructor(
    private readonly store: LimitStore,
    private readonly options: LimitOptions,
    private readonly reports: LimitReports,
  ) {}

  /**
   * Counts the act, and does it. Throws `rate_limited` instead when a bucket is full, and `UnavailableError` when nothing can be
   * counted. The count of an act that fails for want of a store or of time is given back, as long as the database can
   * be asked: an outage should lock nobody out.
   */
  async around<T>(
    buckets: readonly Bucket[],
    origin: Origin,
    act: (succeeded: Succeeded) => Promise<T>,
    owner: Owner = {},
  ): Promise<T> {
    if (!this.options.areOn) return act(async () => undefined);
    const taking = await this.store.take(buckets);
    if ('full' in taking) return this.refuse(taking.full, origin, owner);
    const { takenAt } = taking;
    try {
      return await act(() => this.giveBack(takenAt, thoseTo('give back', buckets), thoseTo('clear', buckets)));
    } catch (error) {
      if (error instanceof UnavailableError) await this.giveBack(takenAt, buckets, []);
      throw error;
    }
  }

  /** Throws `rate_limited` for buckets that were found to be full, and tells the audit trail. */
  refuse(full: readonly FullBucket[], origin: Origin, owner: Owner = {}): never {
    for (const { bucket } of full) this.reports.tell(bucket, origin, owner);
    throw rateLimited(full);
  }

  /** A count that cannot be given back fails nothing: it is forgotten by itself. */
  private async giveBack(takenAt: string, own: readonly Bucket[], cleared: readonly Bucket[]): Promise<void> {
    try {
      await this.store.giveBack(takenAt, own, cleared);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
  }
}

/** The buckets with which a success does this. */
function thoseTo(onSuccess: 'give back' | 'clear', buckets: readonly Bucket[]): Bucket[] {
  return buckets.filter(({ limit }) => limitOf(limit).onSuccess === onSuccess);
}
