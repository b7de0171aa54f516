import { type Abstract, type FactoryProvider, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { Clock } from '../core/clock.js';
import { KeyedHash } from '../core/keyed-hash.js';
import { StoreTime } from '../core/store-time.js';
import { LimitStore } from '../limits/limit.store.js';
import { RevocationHints } from '../sessions/revocation-hints.js';
import { SessionPolicy } from '../sessions/session-policy.options.js';
import { SessionStore } from '../sessions/session.store.js';
import { TokenStore } from '../sessions/token.store.js';
import { UserStore } from '../users/user.store.js';
import { openStorage, Storage } from './open-storage.js';
import { RedisTime, StoreClock } from './redis/redis-clock.js';
import { StorageOptions } from './storage.options.js';

/** A port is whatever the storage has for it. */
function port<T>(token: Abstract<T>, of: (storage: Storage) => T): FactoryProvider<T> {
  return { provide: token, inject: [Storage], useFactory: of };
}

const ports = [
  port(UserStore, ({ users }) => users),
  port(LimitStore, ({ limits }) => limits),
  port(AuditTrail, ({ audit }) => audit),
  port(KeyedHash as Abstract<KeyedHash>, ({ hash }) => hash),
  port(SessionStore, ({ sessions }) => sessions),
  port(TokenStore, ({ tokens }) => tokens),
  port(RevocationHints, ({ hints }) => hints),
];

/** Gives the rooms the stores that the options name, and closes them when the last request has been answered. */
@Global()
@Module({
  providers: [
    { provide: StoreClock, useClass: RedisTime },
    {
      provide: Storage,
      inject: [StorageOptions, Clock, StoreTime, AuditLog, SessionPolicy, StoreClock],
      useFactory: (
        options: StorageOptions,
        clock: Clock,
        time: StoreTime,
        log: AuditLog,
        policy: SessionPolicy,
        redisClock: StoreClock,
      ) => openStorage(options, { clock, time, log, policy, redisClock }),
    },
    ...ports,
  ],
  exports: ports.map(({ provide }) => provide),
})
export class StorageModule implements OnApplicationShutdown {
  constructor(private readonly storage: Storage) {}

  async onApplicationShutdown(): Promise<void> {
    await this.storage.close();
  }
}
