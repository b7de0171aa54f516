import type { Claims } from '@sallyport/verify/rules';
import type { AuthMode, Transport } from '../core/credential.js';
import type { Origin } from '../core/origin.js';
import type { Cause, Holder, Session } from './session.js';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  /** The user's epoch when they proved who they are. A session of an older epoch is never opened. */
  readonly authEpoch: number;
  readonly roles: readonly string[];
  readonly mode: AuthMode;
  readonly transport: Transport;
  readonly device: string;
  readonly ip: string | null;
  readonly acr: string;
  readonly amr: readonly string[];
  /** Names and values as JSON has them, kept and given back as they are; `{}` for none. */
  readonly claims: Claims;
  /** Milliseconds since the user proved who they are: the store reckons `authTime` from it by its own clock. */
  readonly provedMsAgo: number;
  /** SHA-256 of the session's first long-lived token (32 bytes). */
  readonly tokenDigest: Buffer;
}

export type Opening =
  | { readonly outcome: 'opened'; readonly session: Session; readonly evicted: readonly string[] }
  | { readonly outcome: 'limit_reached' }
  /** The user was disabled or changed since they proved who they are. */
  | { readonly outcome: 'user_changed' };

export type SessionState =
  { readonly state: 'live'; readonly holder: Holder } | { readonly state: 'expired' | 'revoked' | 'unknown' };

/** A session that was to be ended: `ended` by this act, or what it had died of before. */
export interface Ending {
  readonly sessionId: string;
  readonly userId: string;
  readonly outcome: 'ended' | 'revoked' | 'expired';
}

/** Sessions of one user that were to be ended together. */
export interface Endings {
  /** Those that were live: this act has ended them. */
  readonly ended: readonly string[];
  /** Those that somebody else has ended within `ENDED_LATELY_MS`, perhaps a moment before: whoever asked must know of them too. */
  readonly over: readonly string[];
}

export interface EndedSession {
  readonly sessionId: string;
  readonly endedAt: Date;
}

/** A page of what has ended. */
export interface EndedPage {
  readonly ended: readonly EndedSession[];
  /** The store's clock when it was asked. */
  readonly asOf: Date;
}

/** What a slice of a sweep deleted. */
export interface Swept {
  readonly sessions: number;
  /** Nothing is left to delete, or another instance is at it. */
  readonly isDone: boolean;
}

/**
 * Where sessions live. Each method is one whole act, by the store's own clock. Liveness only ever ends: there is no `set`,
 * and nothing brings a dead session back. What an act does to a session it also tells the audit trail: in the act, where a store
 * can write both at once, else directly after it. When the store cannot be asked, every method throws `UnavailableError`.
 *
 * @example
 * const { ended } = await store.endOthers(userId, null, { reason: 'ended_by_user', origin }); // log a user out everywhere
 */
export abstract class SessionStore {
  /** Opens a session and makes room by the device limit, exact under parallel logins. */
  abstract open(session: NewSession, origin: Origin): Promise<Opening>;

  /** What became of a session. A dead session is remembered for a day; after that it is unknown. */
  abstract find(sessionId: string): Promise<SessionState>;

  /** Counts a use: moves last-seen and the idle timeout, unless that was done a moment ago. A dead session stays dead. */
  abstract touch(sessionId: string): Promise<void>;

  /** The user's live sessions, last seen first. */
  abstract list(userId: string): Promise<Session[]>;

  /** Ends one session of this user. Null when there is none of that id, or it is somebody else's. */
  abstract end(userId: string, sessionId: string, cause: Cause): Promise<Ending | null>;

  /** Ends the user's live sessions but `keepId`. */
  abstract endOthers(userId: string, keepId: string | null, cause: Cause): Promise<Endings>;

  /**
   * Ends the user's sessions that were opened under an epoch older than `authEpoch` and have not run out, and says
   * which. Where a store compares epochs, as Postgres does, they were dead before; this writes when. Harmless to repeat.
   */
  abstract endOlder(userId: string, authEpoch: number, cause: Cause): Promise<Endings>;

  /** The sessions ended at or after `since`, oldest first, at most `limit`. */
  abstract endedSince(since: Date, limit: number): Promise<EndedPage>;

  /** How many live sessions carry each kind of credential. */
  abstract countByMode(): Promise<Record<AuthMode, number>>;

  /** Deletes a slice of what has been dead for longer than a day: at most `batch` sessions, and at most `batch` tokens apart. */
  abstract sweep(batch: number): Promise<Swept>;

  /** Resolves when the store answers and could be written to. Throws `StoreTrouble` when it says what keeps it from that. */
  abstract ping(): Promise<void>;
}
