import { Clock, type Moment } from '../../src/core/clock.js';
import { StoreClock } from '../../src/storage/redis/redis-clock.js';

/** A clock that runs as the real one does, and that a test moves on. */
export class MovedClock extends Clock {
  offsetMs = 0;
  private wallOffsetMs = 0;

  now(): Moment {
    return { monotonic: performance.now() + this.offsetMs, wall: Date.now() + this.offsetMs + this.wallOffsetMs };
  }

  advance(ms: number): void {
    this.offsetMs += ms;
  }

  /** Sets the wall clock by so much: no time passes. */
  jump(ms: number): void {
    this.wallOffsetMs += ms;
  }
}

/** After the prefix of our keys: how far Redis's time was moved on, so that every connection sees the same. */
export const REDIS_OFFSET = 'test:offset';

export class MovedRedisTime extends StoreClock {
  readonly lua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(redis.call('GET', prefix .. '${REDIS_OFFSET}') or 0)`;
}
