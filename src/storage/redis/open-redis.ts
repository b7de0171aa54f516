import { Logger } from '@nestjs/common';
import { UnavailableError } from '../../core/app-error.js';
import { StartError } from '../../core/start-error.js';
import type { SessionParts, SessionSide } from '../sides.js';
import { RedisConnection } from './redis-connection.js';
import { RedisHints } from './redis-hints.js';
import { RedisSessionStore } from './redis-session.store.js';
import { RedisTokenStore } from './redis-token.store.js';

const FAULT_EVERY_MS = 5000;

export class RedisUnreachableError extends StartError {
  constructor(cause: unknown) {
    super(
      'Redis cannot be reached. Check that it is running and that REDIS_URL names its host, port and password; or choose ' +
        'another SESSION_STORE.',
      { cause },
    );
  }
}

/** Sessions and their tokens in Redis. */
export async function openRedisSessions(
  url: string,
  { policy, users, audit, redisClock }: SessionParts,
): Promise<SessionSide> {
  const redis = await connect(url);
  return {
    sessions: new RedisSessionStore(redis, policy, users, redisClock, audit),
    tokens: new RedisTokenStore(redis, policy, redisClock, audit),
    hints: new RedisHints(url, redis),
    close: () => redis.close(),
  };
}

async function connect(url: string): Promise<RedisConnection> {
  const logger = new Logger('redis');
  let saidAt = -Infinity;
  const onFault = (): void => {
    if (performance.now() - saidAt < FAULT_EVERY_MS) return;
    saidAt = performance.now();
    logger.warn('Redis cannot be reached; trying again.');
  };
  try {
    return await RedisConnection.connect({ url, onFault });
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new RedisUnreachableError(error);
  }
}
