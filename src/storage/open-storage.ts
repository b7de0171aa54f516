import type { AuditTrail } from '../audit/audit-trail.js';
import type { KeyedHash } from '../core/keyed-hash.js';
import type { LimitStore } from '../limits/limit.store.js';
import type { RevocationHints } from '../sessions/revocation-hints.js';
import type { SessionStore } from '../sessions/session.store.js';
import type { TokenStore } from '../sessions/token.store.js';
import type { UserStore } from '../users/user.store.js';
import type { SessionParts, SessionSide, StorageParts } from './sides.js';
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
  const { openPostgres } = await import('./postgres/open-postgres.js');
  const { besideUsers, ...userSide } = await openPostgres(options.database, options.schema, parts);
  // THE OTHER SWITCH.
  const openSessions = { postgres: async () => besideUsers, redis: openRedis, memory: openMemory }[
    options.sessionStore
  ];
  try {
    const sessionSide = await openSessions(options, { ...parts, ...userSide });
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

async function openRedis(options: StorageOptions, parts: SessionParts): Promise<SessionSide> {
  const { openRedisSessions } = await import('./redis/open-redis.js');
  return openRedisSessions(options.redisUrl!, parts);
}

async function openMemory(_: StorageOptions, parts: SessionParts): Promise<SessionSide> {
  const { openMemorySessions } = await import('./memory/open-memory.js');
  return openMemorySessions(parts);
}
