import type { LimitStore } from '../limits/limit.store.js';
import type { SessionPolicy } from '../sessions/session-policy.options.js';
import type { SessionStore } from '../sessions/session.store.js';
import type { TokenStore } from '../sessions/token.store.js';
import type { UserStore } from '../users/user.store.js';
import type { Heard } from './told.js';

/** What suites are run over. */
export interface AllStores {
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  /** Where the suite creates its users. */
  readonly users: UserStore;
  readonly limits: LimitStore;
  /** What the audit trail was told of acts by `BY`; only the suite of the trail asks. */
  told(): Promise<Heard[]>;
  /** Moves the clock that the stores go by. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Those of sessions, with the users that they are of. */
export type Stores = Omit<AllStores, 'limits' | 'told'>;

/**
 * Where the stores are that a suite is run over, of which it needs some. It needs Jest, and its globals.
 *
 * @example
 * userStoreContract({
 *   name: 'my users',
 *   missing: null,
 *   make: async () => ({ users: new MyUsers(await emptyDatabase()), advance, close }),
 *   stop: async () => undefined,
 * });
 */
export interface TestedStorage<Needed extends keyof AllStores = keyof Stores> {
  readonly name: string;
  /** Why it cannot be tested here, in a sentence; null when it can. */
  readonly missing: string | null;
  /** Stores that share nothing with those made before. */
  make(policy: SessionPolicy): Promise<Pick<AllStores, Needed | 'advance' | 'close'>>;
  /** After the last test of a file. */
  stop(): Promise<void>;
}
