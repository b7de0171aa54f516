import type { Clock } from '../../core/clock.js';
import { type Limit, limitOf, type Window } from '../../limits/limit.js';
import { type Bucket, type FullBucket, LimitStore, type Taking } from '../../limits/limit.store.js';
import { retentionOf } from '../limit-retention.js';

interface Counts {
  readonly rule: Limit['rule'];
  /** The last ones, oldest first. */
  hits: readonly { readonly at: number; readonly act: string }[];
}

/** Counts in the memory of one process. No method waits for anything, so each is one whole act. */
export class MemoryLimitStore extends LimitStore {
  private readonly buckets = new Map<string, Counts>();
  private acts = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  async take(buckets: readonly Bucket[]): Promise<Taking> {
    const [first, ...others] = buckets.flatMap((bucket) => this.fullness(bucket));
    if (first) return { full: [first, ...others] };
    const hit = { at: this.now(), act: String((this.acts += 1)) };
    for (const bucket of buckets) {
      const { rule } = limitOf(bucket.limit);
      const hits = [...this.hitsOf(bucket), hit].slice(-retentionOf(rule).keep);
      this.buckets.set(nameOf(bucket), { rule, hits });
    }
    return { takenAt: hit.act };
  }

  async giveBack(takenAt: string, own: readonly Bucket[], cleared: readonly Bucket[]): Promise<void> {
    for (const bucket of own) {
      const counts = this.buckets.get(nameOf(bucket));
      if (counts) counts.hits = counts.hits.filter(({ act }) => act !== takenAt);
    }
    for (const bucket of cleared) this.buckets.delete(nameOf(bucket));
  }

  async sweep(batch: number): Promise<number> {
    const over = [...this.buckets].filter(([, { rule, hits }]) => this.isOver(rule, hits)).slice(0, batch);
    for (const [name] of over) this.buckets.delete(name);
    return over.length;
  }

  /** What keeps the next act out: the window that is full for longest, or the back-off. */
  private fullness(bucket: Bucket): FullBucket[] {
    const { rule } = limitOf(bucket.limit);
    const hits = this.hitsOf(bucket);
    const waits: [Window | null, number][] =
      'windows' in rule
        ? rule.windows.map((window) => [window, this.waitFor(hits.at(-window.quota)?.at, window.seconds)])
        : [[null, this.waitFor(hits.at(-1)?.at, backOffSeconds(rule.backOff, hits.length))]];
    const [longest] = waits.filter(([, waitMs]) => waitMs > 0).sort(([, a], [, b]) => b - a);
    return longest ? [{ bucket, window: longest[0], waitMs: Math.ceil(longest[1]) }] : [];
  }

  private waitFor(at: number | undefined, seconds: number): number {
    return at === undefined ? 0 : at + seconds * 1000 - this.now();
  }

  /** Counts of before a long pause are over together. */
  private hitsOf(bucket: Bucket): Counts['hits'] {
    const counts = this.buckets.get(nameOf(bucket));
    return counts && !this.isOver(counts.rule, counts.hits) ? counts.hits : [];
  }

  private isOver(rule: Limit['rule'], hits: Counts['hits']): boolean {
    return this.waitFor(hits.at(-1)?.at, retentionOf(rule).keepSeconds) <= 0;
  }

  private now(): number {
    return this.clock.now().wall;
  }
}

function backOffSeconds(backOff: Extract<Limit['rule'], { backOff: unknown }>['backOff'], failures: number): number {
  const { after, firstSeconds, longestSeconds } = backOff;
  return failures < after ? 0 : Math.min(longestSeconds, firstSeconds * 2 ** (failures - after));
}

function nameOf({ limit, subject }: Bucket): string {
  return `${limit} ${subject}`;
}
