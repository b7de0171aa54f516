import type { KeyedHash } from '../../core/keyed-hash.js';
import { limitOf, type LimitName } from '../../limits/limit.js';
import { type Bucket, type FullBucket, LimitStore, type Taking } from '../../limits/limit.store.js';
import { retentionOf } from '../limit-retention.js';
import * as sql from './limit.sql.js';
import type { Statements } from './statements.js';

const KEY_BYTES = 16;

interface TakenRow {
  taken_at: string | null;
  full_buckets: { bucket: number; window: number; waitMs: number }[] | null;
}

/** Counts in one table, a row for each bucket. Of whom it counts it holds a keyed hash alone. */
export class PostgresLimitStore extends LimitStore {
  constructor(
    private readonly statements: Statements,
    private readonly hash: KeyedHash,
  ) {
    super();
  }

  async take(buckets: readonly Bucket[]): Promise<Taking> {
    const rules = JSON.stringify(buckets.map(({ limit }) => ruleOf(limit)));
    const [row] = await this.statements.run<TakenRow>(sql.TAKE, [this.keysOf(buckets), rules]);
    const [first, ...others] = (row!.full_buckets ?? []).map(({ bucket, window, waitMs }): FullBucket => {
      const { rule } = limitOf(buckets[bucket]!.limit);
      return { bucket: buckets[bucket]!, window: 'windows' in rule ? rule.windows[window]! : null, waitMs };
    });
    return first ? { full: [first, ...others] } : { takenAt: row!.taken_at! };
  }

  async giveBack(takenAt: string, own: readonly Bucket[], cleared: readonly Bucket[]): Promise<void> {
    await this.statements.run(sql.GIVE_BACK, [takenAt, this.keysOf(own), this.keysOf(cleared)]);
  }

  async sweep(batch: number): Promise<number> {
    return (await this.statements.run(sql.SWEEP, [batch])).length;
  }

  private keysOf(buckets: readonly Bucket[]): Buffer[] {
    return buckets.map(({ limit, subject }) => this.hash.of(limit, subject).subarray(0, KEY_BYTES));
  }
}

/** A rule as the database reads it. */
function ruleOf(name: LimitName): object {
  const { rule } = limitOf(name);
  return { ...rule, ...retentionOf(rule) };
}
