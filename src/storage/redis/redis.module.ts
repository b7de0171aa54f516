import { Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.js';
import { UnavailableError } from '../../core/app-error.js';
import { StartError } from '../../core/start-error.js';
import { RevocationHints } from '../../sessions/revocation-hints.js';
import { SessionPolicy } from '../../sessions/session-policy.options.js';
import { SessionStore } from '../../sessions/session.store.js';
import { TokenStore } from '../../sessions/token.store.js';
import { UserStore } from '../../users/user.store.js';
import { StorageOptions } from '../storage.options.js';
import { RedisTime, StoreClock } from './redis-clock.js';
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

async function connect({ redisUrl }: StorageOptions): Promise<RedisConnection> {
  const logger = new Logger('redis');
  let saidAt = -Infinity;
  const onFault = (): void => {
    if (performance.now() - saidAt < FAULT_EVERY_MS) return;
    saidAt = performance.now();
    logger.warn('Redis cannot be reached; trying again.');
  };
  try {
    return await RedisConnection.connect({ url: redisUrl!, onFault });
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new RedisUnreachableError(error);
  }
}

/** Sessions and their tokens in Redis. */
@Module({
  providers: [
    { provide: RedisConnection, inject: [StorageOptions], useFactory: connect },
    { provide: StoreClock, useClass: RedisTime },
    {
      provide: SessionStore,
      inject: [RedisConnection, SessionPolicy, UserStore, StoreClock, AuditTrail],
      useFactory: (...parts: ConstructorParameters<typeof RedisSessionStore>) => new RedisSessionStore(...parts),
    },
    {
      provide: TokenStore,
      inject: [RedisConnection, SessionPolicy, StoreClock, AuditTrail],
      useFactory: (...parts: ConstructorParameters<typeof RedisTokenStore>) => new RedisTokenStore(...parts),
    },
    {
      provide: RevocationHints,
      inject: [StorageOptions, RedisConnection],
      useFactory: ({ redisUrl }: StorageOptions, redis: RedisConnection) => new RedisHints(redisUrl!, redis),
    },
  ],
  exports: [SessionStore, TokenStore, RevocationHints],
})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(RedisConnection) private readonly redis: RedisConnection) {}

  async onApplicationShutdown(): Promise<void> {
    await this.redis.close();
  }
}
