/** One moment on both clocks, in milliseconds. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/**
 * Where the time comes from. An abstract class, so that a test can move it by hand.
 *
 * ```ts
 * const askedAt = clock.now();
 * const answer = await ask();
 * if (clock.since(askedAt) > 1_000) throw new Error('The answer is older than a second.');
 * ```
 */
export abstract class Clock {
  abstract now(): Moment;

  /**
   * Milliseconds since `then`, by whichever clock says more. The monotonic one cannot be set back, but stands still while a
   * virtual machine is suspended; the wall clock goes on. Taking the larger can only make a thing look older than it is.
   */
  since(then: Moment): number {
    const now = this.now();
    return Math.max(now.monotonic - then.monotonic, now.wall - then.wall);
  }
}

export class SystemClock extends Clock {
  now(): Moment {
    return { monotonic: performance.now(), wall: Date.now() };
  }
}

/** The moment this many milliseconds later. */
export function shift({ monotonic, wall }: Moment, ms: number): Moment {
  return { monotonic: monotonic + ms, wall: wall + ms };
}

/** The earlier of two moments, on each clock. */
export function earlier(a: Moment, b: Moment): Moment {
  return { monotonic: Math.min(a.monotonic, b.monotonic), wall: Math.min(a.wall, b.wall) };
}
