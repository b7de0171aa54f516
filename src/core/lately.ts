import { Clock, type Moment } from './clock.js';

/**
 * Remembers what it was told for a while, by name, in the order in which it was told last. Ages go by the monotonic clock: the
 * wall clock could jump and make it forget too early.
 *
 * @example
 * const ended = new Lately<string>(clock, 60_000);
 * ended.set('0198c5a3-…', 'logout');
 * ended.get('0198c5a3-…'); // 'logout', until the first `set` of a minute later or more
 */
export class Lately<T> {
  private readonly entries = new Map<string, { readonly value: T; readonly toldAt: Moment }>();

  constructor(
    private readonly clock: Clock,
    private readonly keepMs: number,
  ) {}

  set(name: string, value: T): void {
    const toldAt = this.clock.now();
    // Deleted first, so that the map stays in the order in which its entries are forgotten.
    this.entries.delete(name);
    this.entries.set(name, { value, toldAt });
    this.forget(toldAt.monotonic - this.keepMs);
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  get(name: string): T | undefined {
    return this.entries.get(name)?.value;
  }

  /** Oldest first. */
  *all(): Generator<[name: string, value: T]> {
    for (const [name, { value }] of this.entries) yield [name, value];
  }

  private forget(before: number): void {
    for (const [name, { toldAt }] of this.entries) {
      if (toldAt.monotonic >= before) return;
      this.entries.delete(name);
    }
  }
}
