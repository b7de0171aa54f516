import { LONGEST_LIFE_SECONDS } from '@sallyport/verify/rules';

/**
 * How long after its end a session still matters to those who believe access tokens: a minute longer than any of its tokens may
 * live. What ended longer ago concerns no token that is still believed.
 */
export const ENDED_LATELY_MS = LONGEST_LIFE_SECONDS * 1000 + 60_000;

/** How long a store remembers a dead session, so that its holder hears why it ended. */
export const DEAD_REMEMBERED_MS = 24 * 60 * 60 * 1000;
