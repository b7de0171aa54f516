import { AppError } from '../core/app-error.js';
import { limitOf } from './limit.js';
import type { FullBucket } from './limit.store.js';

/**
 * The refusal for buckets that are full, with the fields of draft-ietf-httpapi-ratelimit-headers. It says when to come back,
 * never too early; which limit was met it says where that may be told.
 */
export function rateLimited(full: readonly FullBucket[]): AppError {
  const told = full.flatMap(({ bucket, window, waitMs }) =>
    window && limitOf(bucket.limit).isTold ? [{ name: bucket.limit, window, wait: wholeSeconds(waitMs) }] : [],
  );
  return new AppError('rate_limited', undefined, {
    headers: {
      'Retry-After': String(Math.max(...full.map(({ waitMs }) => wholeSeconds(waitMs)))),
      ...(told.length > 0 && {
        'RateLimit-Policy': told
          .map(({ name, window }) => `"${name}";q=${window.quota};w=${window.seconds}`)
          .join(', '),
        RateLimit: told.map(({ name, wait }) => `"${name}";r=0;t=${wait}`).join(', '),
      }),
    },
    ...(told.length > 0 && { violatedPolicies: told.map(({ name }) => name) }),
  });
}

function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
