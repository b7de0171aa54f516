import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { KeyedHash } from '../../core/keyed-hash.js';
import { LimitStore } from '../../limits/limit.store.js';
import { RevocationHints } from '../../sessions/revocation-hints.js';
import { SessionPolicy } from '../../sessions/session-policy.options.js';
import { SessionStore } from '../../sessions/session.store.js';
import { TokenStore } from '../../sessions/token.store.js';
import { UserStore } from '../../users/user.store.js';
import { StorageOptions } from '../storage.options.js';
import { poolOf } from './data-source.js';
import { connect, Database, locate } from './database.js';
import { PostgresHints } from './postgres-hints.js';
import { PostgresLimitStore } from './postgres-limit.store.js';
import { PostgresSessionStore } from './postgres-session.store.js';
import { PostgresTokenStore } from './postgres-token.store.js';
import { PostgresUserStore } from './postgres-user.store.js';
import { sharedHash } from './shared-hash.js';
import { Statements } from './statements.js';

/** Owns the connection, and closes it when the last request has been answered. */
@Global()
@Module({
  providers: [
    { provide: Database, inject: [StorageOptions], useFactory: locate },
    { provide: DataSource, inject: [Database], useFactory: connect },
    {
      provide: Statements,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => new Statements(poolOf(dataSource)),
    },
    { provide: KeyedHash, inject: [Statements], useFactory: sharedHash },
    {
      provide: UserStore,
      inject: [Statements],
      useFactory: (statements: Statements) => new PostgresUserStore(statements),
    },
    {
      provide: LimitStore,
      inject: [Statements, KeyedHash],
      useFactory: (statements: Statements, hash: KeyedHash) => new PostgresLimitStore(statements, hash),
    },
  ],
  exports: [Database, Statements, KeyedHash, UserStore, LimitStore],
})
export class PostgresModule implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
    await this.database.stop();
  }
}

/** Sessions and their tokens beside the users. */
@Module({
  providers: [
    {
      provide: SessionStore,
      inject: [Statements, SessionPolicy],
      useFactory: (statements: Statements, policy: SessionPolicy) => new PostgresSessionStore(statements, policy),
    },
    {
      provide: TokenStore,
      inject: [Statements, SessionPolicy],
      useFactory: (statements: Statements, policy: SessionPolicy) => new PostgresTokenStore(statements, policy),
    },
    {
      provide: RevocationHints,
      inject: [Database, Statements],
      useFactory: ({ url }: Database, statements: Statements) => new PostgresHints(url, statements),
    },
  ],
  exports: [SessionStore, TokenStore, RevocationHints],
})
export class PostgresSessionsModule {}
