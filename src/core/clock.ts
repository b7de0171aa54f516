import type { Moment } from '@sallyport/verify/rules';

/**
 * What time it is on this instance. It measures how long things take, and dates the memory store and the log; all that instances
 * must agree on goes by the clock of the store (`StoreTime`).
 */
export { Clock, type Moment, SystemClock } from '@sallyport/verify/rules';

/** Before any moment that a clock shows. */
export const LONG_AGO: Moment = { monotonic: -Infinity, wall: -Infinity };
