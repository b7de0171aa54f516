import type { AuthMode, EndReason, Holder, Session, Transport } from './session.js';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  /** The user's epoch when the password was checked. A session of an older epoch is never opened. */
  readonly authEpoch: number;
  readonly roles: readonly string[];
  readonly mode: AuthMode;
  readonly transport: Transport;
  readonly device: string;
  readonly ip: string | null;
  /** SHA-256 of the session's first long-lived token (32 bytes). */
  readonly tokenDigest: Buffer;
}

export type Opening =
  | { readonly outcome: 'opened'; readonly session: Session; readonly evicted: readonly string[] }
  | { readonly outcome: 'limit_reached' }
  /** The user was disabled or changed since the password was checked. */
  | { readonly outcome: 'user_changed' };

export type SessionState =
  { readonly state: 'live'; readonly holder: Holder } | { readonly state: 'expired' | 'revoked' | 'unknown' };

export interface EndedSession {
  readonly sessionId: string;
  readonly endedAt: Date;
}

export interface EndedSessions {
  readonly ended: readonly EndedSession[];
  /** The store's clock when it was asked. */
  readonly asOf: Date;
}

/**
 * Where sessions live. Each method is one whole act, by the store's own clock. Liveness only ever ends: there is no `set`,
 * and nothing brings a dead session back. When the store cannot be asked, every method throws `UnavailableError`.
 */
export abstract class SessionStore {
  /** Opens a session and makes room by the device limit, exact under parallel logins. */
  abstract open(session: NewSession): Promise<Opening>;

  /** What became of a session. A dead one is remembered for a day; after that it is unknown. */
  abstract find(sessionId: string): Promise<SessionState>;

  /** Counts a use: moves last-seen and the idle timeout, unless that was done a moment ago. A dead session stays dead. */
  abstract touch(sessionId: string): Promise<void>;

  /** The user's live sessions, last seen first. */
  abstract list(userId: string): Promise<Session[]>;

  /** Ends one live session of this user. False when it is not there, not theirs, or dead already. */
  abstract end(userId: string, sessionId: string, reason: EndReason): Promise<boolean>;

  /** Ends the user's live sessions but `keepId`, and says which. */
  abstract endOthers(userId: string, keepId: string | null, reason: EndReason): Promise<string[]>;

  /** Ends the user's live sessions opened under an epoch older than `authEpoch`, and says which. Harmless to repeat. */
  abstract endOlder(userId: string, authEpoch: number, reason: EndReason): Promise<string[]>;

  /** The sessions ended at or after `since`, oldest first, at most `limit`. */
  abstract endedSince(since: Date, limit: number): Promise<EndedSessions>;

  /** How many live sessions carry each kind of credential. */
  abstract countByMode(): Promise<Record<AuthMode, number>>;

  /** Deletes up to `batch` sessions that have been dead for longer than a day; says how many. */
  abstract sweep(batch: number): Promise<number>;

  /** Resolves when the store answers. */
  abstract ping(): Promise<void>;
}
