/** One moment of this process on both clocks, in milliseconds. */
export interface Moment {
  /** Milliseconds since some start. It cannot be set back, but stands still while a virtual machine is suspended. */
  readonly monotonic: number;
  /** Milliseconds since 1970. */
  readonly wall: number;
}

/** Before any moment that a clock shows. */
export const LONG_AGO: Moment = { monotonic: -Infinity, wall: -Infinity };

/**
 * What time it is on this instance. It dates JWTs and the memory store; the Postgres and Redis stores go by their own server's
 * clock, which all instances share. An abstract class, so that a test can move it.
 *
 * @example
 * const askedAt = clock.now();
 * const answer = await ask();
 * if (clock.since(askedAt) > 1_000) throw new UnavailableError('The store');
 */
export abstract class Clock {
  abstract now(): Moment;

  /**
   * Milliseconds since `then`, by whichever clock says more: the monotonic clock stands still while a virtual machine is
   * suspended, the wall clock goes on. So a thing can look older than it is, and never younger.
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
