import type { AuditTrail } from '../audit/audit-trail.js';
import type { LimitStore } from '../limits/limit.store.js';
import type { RevocationHints } from '../sessions/revocation-hints.js';
import type { SessionStore } from '../sessions/session.store.js';
import type { TokenStore } from '../sessions/token.store.js';
import type { UserStore } from '../users/user.store.js';

/**
 * Stores of yours, in place of ours. What a port says of each method is all that is asked of it, and `@sallyport/nest/contract` has the
 * suites that judge it. What your stores do to users and sessions is told to the audit trail by us, directly after the act.
 */
export interface OwnStores {
  /** Sessions then cannot be in Postgres, where they are read together with our users: keep them in Redis, in memory or in a store of yours. */
  readonly users?: UserStore;
  /**
   * With `sessionStore: 'own'`, and with `tokens` and `hints`: the three know of each other. It ends what it has opened when the user
   * was changed meanwhile: that is read from the user store after the session is there.
   */
  readonly sessions?: SessionStore;
  readonly tokens?: TokenStore;
  readonly hints?: RevocationHints;
  readonly limits?: LimitStore;
  /** Only where neither users nor sessions are in Postgres: acts there write the trail of that database. It is closed with the rest. */
  readonly audit?: AuditTrail;
}
