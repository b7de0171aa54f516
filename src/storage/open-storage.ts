import type { AuditTrail } from '../audit/audit-trail.js';
import type { KeyedHash } from '../core/keyed-hash.js';
import { StartError } from '../core/start-error.js';
import type { LimitStore } from '../limits/limit.store.js';
import type { RevocationHints } from '../sessions/revocation-hints.js';
import type { SessionStore } from '../sessions/session.store.js';
import type { TokenStore } from '../sessions/token.store.js';
import type { UserStore } from '../users/user.store.js';
import type { SessionParts, SessionSide, StorageParts, UserSide } from './sides.js';
import type { StorageOptions } from './storage.options.js';

/** All the stores, opened. */
export abstract class Storage {
  abstract readonly users: UserStore;
  abstract readonly limits: LimitStore;
  abstract readonly audit: AuditTrail;
  abstract readonly hash: KeyedHash;
  abstract readonly sessions: SessionStore;
  abstract readonly tokens: TokenStore;
  abstract readonly hints: RevocationHints;
  /** For when nobody asks any more. What the audit trail was told is written first. */
  abstract close(): Promise<void>;
}

/**
 * Opens the stores that the options name, and loads what is needed for these alone. Throws `StartError` for what whoever starts the
 * service can mend, and leaves nothing open then.
 *
 * @example
 * const storage = await openStorage(config.storage, parts);
 * await storage.users.find(id);
 */
export async function openStorage(options: StorageOptions, parts: StorageParts): Promise<Storage> {
  const { besideUsers, ...userSide } = await openUserSide(options, parts);
  try {
    const sessionSide = await openSessionSide(options, { ...parts, ...userSide }, besideUsers);
    const close = async (): Promise<void> => {
      await sessionSide.close();
      await userSide.close();
    };
    return { ...userSide, ...sessionSide, close };
  } catch (error) {
    await userSide.close();
    throw error;
  }
}

/** With the sessions that stand beside the users, where there are such. */
async function openUserSide(
  { database, schema }: StorageOptions,
  parts: StorageParts,
): Promise<UserSide & { readonly besideUsers?: SessionSide }> {
  if (database === 'memory') {
    const { openMemory } = await import('./memory/open-memory.js');
    return openMemory(parts);
  }
  const { openPostgres } = await import('./postgres/open-postgres.js');
  return openPostgres(database, schema, parts);
}

async function openSessionSide(
  { sessionStore, redisUrl }: StorageOptions,
  parts: SessionParts,
  besideUsers: SessionSide | undefined,
): Promise<SessionSide> {
  // THE OTHER SWITCH.
  const open = {
    postgres: async () => besideUsers ?? withoutUsers(),
    redis: async () => (await import('./redis/open-redis.js')).openRedisSessions(redisUrl, parts),
    memory: async () => (await import('./memory/open-memory.js')).openMemorySessions(parts),
  }[sessionStore];
  return open();
}

function withoutUsers(): never {
  throw new StartError('Sessions are in Postgres only beside its users: keep them in Redis or in memory.');
}
