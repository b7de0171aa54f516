/** How long sessions live and how many a user may have. */
export abstract class SessionPolicy {
  abstract readonly idleSeconds: number;
  abstract readonly absoluteSeconds: number;
  /** How long a replaced token still converges on its successor. */
  abstract readonly graceSeconds: number;
  abstract readonly maxPerUser: number;
  abstract readonly limitPolicy: 'evict-oldest' | 'reject';
  /** Whether a token is replaced only so often, as `ROTATIONS` in `limits/limit.ts` says. */
  abstract readonly rotationsAreLimited: boolean;
}

/** Last-seen is written at most this often for a session, and never so late that an active user idles out. Milliseconds. */
export function touchIntervalMs({ idleSeconds }: SessionPolicy): number {
  return Math.min(60_000, (idleSeconds * 1000) / 4);
}
