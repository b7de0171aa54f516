import { type DynamicModule, Global, Module } from '@nestjs/common';
import { MemoryModule } from './memory/memory.module.js';
import { PostgresModule, PostgresSessionsModule } from './postgres/postgres.module.js';
import { RedisModule } from './redis/redis.module.js';
import type { StorageOptions } from './storage.options.js';

/** Users are always in Postgres; this says where sessions are. */
@Global()
@Module({ imports: [PostgresModule], exports: [PostgresModule] })
export class StorageModule {
  static on(sessionStore: StorageOptions['sessionStore']): DynamicModule {
    // THE OTHER SWITCH.
    const sessions = { postgres: PostgresSessionsModule, redis: RedisModule, memory: MemoryModule }[sessionStore];
    return { module: StorageModule, imports: [sessions], exports: [sessions] };
  }
}
