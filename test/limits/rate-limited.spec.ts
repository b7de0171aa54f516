import { LIMITS, type LimitName } from '../../src/limits/limit.js';
import type { FullBucket } from '../../src/limits/limit.store.js';
import { rateLimited } from '../../src/limits/rate-limited.js';

function full(limit: LimitName, waitMs: number, window = 0): FullBucket {
  const { rule } = LIMITS[limit];
  return { bucket: { limit, subject: 'somebody' }, window: 'windows' in rule ? rule.windows[window]! : null, waitMs };
}

it.each([
  [1, '1'],
  [999, '1'],
  [1000, '1'],
  [1001, '2'],
  [59_999, '60'],
])('a wait of %d ms is told as %s s: never too few (R4.5)', (waitMs, seconds) => {
  const { headers } = rateLimited([full('login-source', waitMs)]).extra;
  expect(headers).toMatchObject({ 'Retry-After': seconds, RateLimit: `"login-source";r=0;t=${seconds}` });
});

it('of several full buckets the longest wait is told, and only those limits that tell nothing of an account (R4.5)', () => {
  const error = rateLimited([
    full('login-source', 5000, 1),
    full('login-account-source', 70_000),
    full('login-account', 60_000),
  ]);
  expect(error).toMatchObject({ code: 'rate_limited', status: 429 });
  expect(error.extra).toEqual({
    headers: {
      'Retry-After': '70',
      'RateLimit-Policy': '"login-source";q=200;w=3600',
      RateLimit: '"login-source";r=0;t=5',
    },
    violatedPolicies: ['login-source'],
  });
});

it.each(['login-account-source', 'login-account', 'login-device'] as const)('%s is never named (R4.5)', (limit) => {
  expect(rateLimited([full(limit, 1000)]).extra).toEqual({ headers: { 'Retry-After': '1' } });
});
