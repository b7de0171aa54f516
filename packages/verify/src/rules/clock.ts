/** One moment on both clocks, in milliseconds. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** Where the time comes from. An abstract class, so that a test can move it by hand. */
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
