import { Clock } from '../../src/core/clock.js';

/** A clock that runs as the real one does, and that a test moves on. */
export class HandClock extends Clock {
  offsetMs = 0;

  now(): number {
    return Date.now() + this.offsetMs;
  }
}
