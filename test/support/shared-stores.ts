/** A store that several instances can share, as a table for `describe.each`. */
export interface SharedStore {
  readonly store: 'postgres' | 'redis';
  /** The setting by which an instance finds it. */
  readonly variable: 'DATABASE_URL' | 'REDIS_URL';
  readonly url: string;
  /** What an instance says to it to hear hints, and what to give one: words for a `FaultProxy` to look for. */
  readonly words: { readonly listen: string; readonly hint: string };
}

const redisUrl = process.env.TEST_WORKER_REDIS_URL;

export const SHARED_STORES: readonly SharedStore[] = [
  {
    store: 'postgres',
    variable: 'DATABASE_URL',
    url: process.env.TEST_WORKER_DATABASE_URL!,
    words: { listen: 'LISTEN ', hint: 'revocations_hint' },
  },
  ...(redisUrl
    ? [
        {
          store: 'redis',
          variable: 'REDIS_URL',
          url: redisUrl,
          words: { listen: 'subscribe', hint: 'PUBLISH' },
        } as const,
      ]
    : []),
];
