import type { AuditTrail } from '../audit/audit-trail.js';
import type { KeyedHash } from '../core/keyed-hash.js';
import type { LimitStore } from '../limits/limit.store.js';
import type { RevocationHints } from '../sessions/revocation-hints.js';
import type { SessionStore } from '../sessions/session.store.js';
import type { TokenStore } from '../sessions/token.store.js';
import type { UserStore } from '../users/user.store.js';
import { refuseImpossible } from './impossible.js';
import type { OwnStores } from './own-stores.js';
import type { SessionParts, SessionSide, StorageParts, UserSide } from './sides.js';
import { LoggedTrail } from './logged-trail.js';
import { NewEntries } from './new-entries.js';
import type { StorageOptions } from './storage.options.js';
import { ToldSessions } from './told-sessions.js';
import { ToldTokens } from './told-tokens.js';
import { ToldUsers } from './told-users.js';

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
  refuseImpossible(options);
  const { besideUsers, ...userSide } = await openUserSide(options, parts);
  try {
    const sessionSide = await openSessionSide(options, { ...parts, ...userSide }, besideUsers);
    const close = async (): Promise<void> => {
      try {
        await sessionSide.close();
      } finally {
        await userSide.close();
      }
    };
    return { ...userSide, ...sessionSide, close };
  } catch (error) {
    await userSide.close();
    throw error;
  }
}

/** With the sessions that stand beside the users, where there are such: in Postgres, whose statements tell what they do. */
async function openUserSide(options: StorageOptions, parts: StorageParts): Promise<UserSide & BesideUsers> {
  const { users, limits, audit } = options.own ?? {};
  const ours = await openOurUserSide(options, parts, Boolean(users && limits && audit));
  const trail = audit ? new LoggedTrail(audit, new NewEntries(parts.log, ours.hash, parts.clock)) : ours.audit;
  return {
    ...ours,
    users: users || !ours.besideUsers ? new ToldUsers(users ?? ours.users, trail) : ours.users,
    limits: limits ?? ours.limits,
    audit: trail,
    close: async () => {
      try {
        await audit?.close();
      } finally {
        await ours.close();
      }
    },
  };
}

interface BesideUsers {
  readonly besideUsers?: SessionSide;
}

async function openOurUserSide(
  { database, schema }: StorageOptions,
  parts: StorageParts,
  isNeedless: boolean,
): Promise<UserSide & BesideUsers> {
  if (database === 'memory' || isNeedless) {
    const { openMemory } = await import('./memory/open-memory.js');
    return openMemory(parts);
  }
  const { openPostgres } = await import('./postgres/open-postgres.js');
  return openPostgres(database, schema, parts);
}

async function openSessionSide(
  { sessionStore, redisUrl, own }: StorageOptions,
  parts: SessionParts,
  besideUsers: SessionSide | undefined,
): Promise<SessionSide> {
  // THE OTHER SWITCH.
  const open = {
    postgres: async () => besideUsers!,
    redis: async () => (await import('./redis/open-redis.js')).openRedisSessions(redisUrl!, parts),
    memory: async () => (await import('./memory/open-memory.js')).openMemorySessions(parts),
    own: async () => ownSessions(own!, parts),
  }[sessionStore];
  return open();
}

function ownSessions({ sessions, tokens, hints }: OwnStores, { audit }: SessionParts): SessionSide {
  return {
    sessions: new ToldSessions(sessions!, audit),
    tokens: new ToldTokens(tokens!, audit),
    hints: hints!,
    close: async () => undefined,
  };
}
