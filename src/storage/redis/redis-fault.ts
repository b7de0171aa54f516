import { ErrorReply } from 'redis';
import { UnavailableError } from '../../core/app-error.js';

/** Replies that say "not now" rather than "wrong". Redis 6 puts them behind `ERR Error running script ... : -`. */
const NOT_NOW = /(?:^|: -?)(?:LOADING|BUSY|OOM|READONLY|MASTERDOWN|CLUSTERDOWN|NOREPLICAS|MISCONF|TRYAGAIN)\b/;

/** An outage becomes `UnavailableError`; a mistake of ours (a script that is wrong) stays what it is. */
export function translatedFault(error: unknown): unknown {
  if (error instanceof TypeError) return error;
  // Whatever is not a reply comes from the connection: offline, closed, timed out.
  const silent = !(error instanceof ErrorReply);
  return silent || NOT_NOW.test(error.message) ? new UnavailableError('Redis', error) : error;
}

export function isUnknownScript(error: unknown): boolean {
  return error instanceof ErrorReply && error.message.startsWith('NOSCRIPT');
}
