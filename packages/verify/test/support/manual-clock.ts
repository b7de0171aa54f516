import { Clock, type Moment } from '../../src/rules/clock.js';

/** The system's clock, moved ahead by as much as a test says. */
export class ManualClock extends Clock {
  private monotonicAhead = 0;
  private wallAhead = 0;

  now(): Moment {
    return { monotonic: performance.now() + this.monotonicAhead, wall: Date.now() + this.wallAhead };
  }

  move(ms: number): void {
    this.monotonicAhead += ms;
    this.wallAhead += ms;
  }

  /** What a machine sees that was suspended: only the wall clock went on. */
  suspend(ms: number): void {
    this.wallAhead += ms;
  }
}
