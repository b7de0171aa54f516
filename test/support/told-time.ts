import type { Clock } from '../../src/core/clock.js';
import { StoreTime } from '../../src/core/store-time.js';

/** The time of a store whose clock shows what the wall clock shows. */
export function toldTime(clock: Clock): StoreTime {
  const now = clock.now();
  const time = new StoreTime(clock);
  time.learn({ askedAt: now, asOf: new Date(now.wall), heardAt: now });
  return time;
}
