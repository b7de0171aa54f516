import { ErrorReply } from 'redis';
import { UnavailableError } from '../../core/app-error.js';
import { StoreTrouble } from '../../core/store-trouble.js';

/** Replies that begin with one of these words. Redis 6 puts them behind `ERR Error running script ... : -`. */
const saying = (words: string): RegExp => new RegExp(`(?:^|: -?)(?:${words})\\b`);

/** Replies that say "not now" rather than "wrong" and pass by themselves. */
const PASSING = saying('LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|NOREPLICAS|TRYAGAIN');

/** Replies by which the server refuses us until somebody helps it, and what that is called. */
const TROUBLES: readonly [RegExp, string][] = [
  [saying('OOM'), 'Redis is full.'],
  [saying('READONLY'), 'Redis is read-only.'],
  [saying('MISCONF'), 'Redis cannot write to its disk.'],
  [saying('NOAUTH|WRONGPASS'), 'Redis refuses the user or the password of this service.'],
  [saying('NOPERM'), 'Redis denies this service a right that it needs.'],
];

/** An outage becomes `UnavailableError`; a mistake of ours (a script that is wrong) stays what it is. */
export function translatedFault(error: unknown): unknown {
  if (error instanceof TypeError) return error;
  // Whatever is not a reply comes from the connection: offline, closed, timed out.
  if (!(error instanceof ErrorReply)) return new UnavailableError('Redis', error);
  const trouble = TROUBLES.find(([reply]) => reply.test(error.message));
  if (trouble) return new StoreTrouble('Redis', trouble[1], error);
  return PASSING.test(error.message) ? new UnavailableError('Redis', error) : error;
}

export function isUnknownScript(error: unknown): boolean {
  return error instanceof ErrorReply && error.message.startsWith('NOSCRIPT');
}
