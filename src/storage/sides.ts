import type { AuditLog } from '../audit/audit-log.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Clock } from '../core/clock.js';
import type { KeyedHash } from '../core/keyed-hash.js';
import type { StoreTime } from '../core/store-time.js';
import type { LimitStore } from '../limits/limit.store.js';
import type { RevocationHints } from '../sessions/revocation-hints.js';
import type { SessionPolicy } from '../sessions/session-policy.options.js';
import type { SessionStore } from '../sessions/session.store.js';
import type { TokenStore } from '../sessions/token.store.js';
import type { UserStore } from '../users/user.store.js';
import type { StoreClock } from './redis/redis-clock.js';

/** What the stores are made with. */
export interface StorageParts {
  readonly clock: Clock;
  readonly time: StoreTime;
  readonly log: AuditLog;
  readonly policy: SessionPolicy;
  readonly redisClock: StoreClock;
}

/** Sessions, and what must be where they are. */
export interface SessionSide {
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly hints: RevocationHints;
  close(): Promise<void>;
}

/** What is kept whoever is logged in. */
export interface UserSide {
  readonly users: UserStore;
  readonly limits: LimitStore;
  readonly audit: AuditTrail;
  readonly hash: KeyedHash;
  close(): Promise<void>;
}

/** What a store of sessions is made with that stands by itself. */
export type SessionParts = StorageParts & Pick<UserSide, 'users' | 'audit'>;
