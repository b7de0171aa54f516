import { Clock } from '../../src/core/clock.js';
import { StoreClock } from '../../src/storage/redis/redis-clock.js';
import type { RedisConnection } from '../../src/storage/redis/redis-connection.js';

/** A clock moved by hand. */
export class MovedClock extends Clock {
  private time = Date.now();

  now(): number {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }
}

/** Redis's own time and an offset that is kept in Redis, so that every connection sees the same moved time. */
export class MovedRedisTime extends StoreClock {
  readonly lua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(redis.call('GET', prefix .. 'test:offset') or 0)`;

  constructor(private readonly redis: RedisConnection) {
    super();
  }

  async advance(ms: number): Promise<void> {
    const key = `${this.redis.prefix}test:offset`;
    await this.redis.send(['INCRBY', key, String(ms)]);
    await this.redis.send(['EXPIRE', key, '3600']);
  }
}
