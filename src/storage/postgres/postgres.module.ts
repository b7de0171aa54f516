import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { Clock } from '../../core/clock.js';
import { KeyedHash } from '../../core/keyed-hash.js';
import { RevocationHints } from '../../sessions/revocation-hints.js';
import { SessionPolicy } from '../../sessions/session-policy.options.js';
import { SessionStore } from '../../sessions/session.store.js';
import { TokenStore } from '../../sessions/token.store.js';
import { UserStore } from '../../users/user.store.js';
import { StorageOptions } from '../storage.options.js';
import { poolOf } from './data-source.js';
import { connect, Database, locate } from './database.js';
import { PostgresAuditTrail } from './postgres-audit-trail.js';
import { PostgresHints } from './postgres-hints.js';
import { PostgresSessionStore } from './postgres-session.store.js';
import { PostgresTokenStore } from './postgres-token.store.js';
import { PostgresUserStore } from './postgres-user.store.js';
import { sharedHash } from './shared-hash.js';
import { Statements } from './statements.js';
import { ToldStatements } from './told-statements.js';

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
      provide: ToldStatements,
      inject: [Statements, AuditLog],
      useFactory: (statements: Statements, log: AuditLog) => new ToldStatements(statements, log),
    },
    {
      provide: AuditTrail,
      inject: [Statements, AuditLog, KeyedHash, Clock],
      useFactory: (statements: Statements, log: AuditLog, hash: KeyedHash, clock: Clock) =>
        new PostgresAuditTrail(statements, log, hash, clock),
    },
    {
      provide: UserStore,
      inject: [Statements, ToldStatements],
      useFactory: (statements: Statements, acts: ToldStatements) => new PostgresUserStore(statements, acts),
    },
  ],
  exports: [Database, Statements, ToldStatements, KeyedHash, AuditTrail, UserStore],
})
export class PostgresModule implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.audit.close();
    await this.dataSource.destroy();
    await this.database.stop();
  }
}

/** Sessions and their tokens beside the users. */
@Module({
  providers: [
    {
      provide: SessionStore,
      inject: [Statements, ToldStatements, SessionPolicy],
      useFactory: (statements: Statements, acts: ToldStatements, policy: SessionPolicy) =>
        new PostgresSessionStore(statements, acts, policy),
    },
    {
      provide: TokenStore,
      inject: [Statements, ToldStatements, SessionPolicy],
      useFactory: (statements: Statements, acts: ToldStatements, policy: SessionPolicy) =>
        new PostgresTokenStore(statements, acts, policy),
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
