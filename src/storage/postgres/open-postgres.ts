import type { SessionSide, StorageParts, UserSide } from '../sides.js';
import type { DatabaseOptions } from './database.options.js';
import { openDatabase } from './open-database.js';
import { PostgresAuditTrail } from './postgres-audit-trail.js';
import { PostgresHints } from './postgres-hints.js';
import { PostgresLimitStore } from './postgres-limit.store.js';
import { PostgresSessionStore } from './postgres-session.store.js';
import { PostgresTokenStore } from './postgres-token.store.js';
import { PostgresUserStore } from './postgres-user.store.js';
import { sharedHash } from './shared-hash.js';
import { Statements } from './statements.js';
import { ToldStatements } from './told-statements.js';

/** Everything in Postgres. Sessions may stand beside the users; who keeps them elsewhere leaves those stores alone. */
export async function openPostgres(
  where: DatabaseOptions,
  schema: string,
  { log, clock, time, policy }: StorageParts,
): Promise<UserSide & { readonly besideUsers: SessionSide }> {
  const database = await openDatabase(where, schema);
  try {
    const statements = new Statements(database.pool, { schema, withinMs: database.withinMs });
    const hash = await sharedHash(statements);
    const acts = new ToldStatements(statements, log);
    const audit = new PostgresAuditTrail(statements, log, hash, clock, time);
    return {
      users: new PostgresUserStore(statements, acts),
      limits: new PostgresLimitStore(statements, hash),
      audit,
      hash,
      besideUsers: {
        sessions: new PostgresSessionStore(statements, acts, policy),
        tokens: new PostgresTokenStore(statements, acts, policy),
        hints: new PostgresHints(database.pool, statements),
        close: async () => undefined,
      },
      close: async () => {
        await audit.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
