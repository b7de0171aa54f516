import type { Moment } from '@sallyport/verify/rules';

/**
 * What time it is on this instance. It dates JWTs and the memory store; the Postgres and Redis stores go by their own server's
 * clock, which all instances share.
 */
export { Clock, type Moment, SystemClock } from '@sallyport/verify/rules';

/** Before any moment that a clock shows. */
export const LONG_AGO: Moment = { monotonic: -Infinity, wall: -Infinity };
