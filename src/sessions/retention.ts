import { LONGEST_LIFE_SECONDS } from '@sallyport/verify/rules';

/**
 * How long after its end a session still matters to those who believe access tokens: a minute longer than any of its tokens may
 * live. What ended longer ago concerns no token that is still believed.
 */
export const ENDED_LATELY_MS = LONGEST_LIFE_SECONDS * 1000 + 60_000;

/**
 * How many generations of a session's tokens a store remembers, the current one included. A token that is older is unknown, once
 * the grace window since it was replaced is over: what one session can fill is bounded, and a thief's token is known long enough.
 * At least two more than `ROTATIONS.quota` in `limits/limit.ts`: by when the oldest of so many rotations was, a store judges the next.
 */
export const REMEMBERED_GENERATIONS = 32;

/**
 * How many forgotten tokens a rotation deletes at most. It is more than the one that each rotation adds, so that a crowd of them
 * melts away; and few, so that no rotation is slow.
 */
export const FORGOTTEN_AT_ONCE = 8;

/** How long a store remembers a dead session, so that its holder hears why it ended. */
export const DEAD_REMEMBERED_MS = 24 * 60 * 60 * 1000;
