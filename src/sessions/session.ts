import type { Claims } from '@sallyport/verify/rules';
import type { AuthMode, Transport } from '../core/credential.js';
import type { Origin } from '../core/origin.js';
import type { AuditEvent } from '../audit/audit-event.js';

/** One login on one device. Both modes open one. Its id is public and never a secret. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  /** The kind of credential that the session's client carries now. */
  readonly mode: AuthMode;
  readonly transport: Transport;
  readonly device: string;
  readonly ip: string | null;
  /** When the user proved who they are (OpenID Connect Core 2, `auth_time`). */
  readonly authTime: Date;
  /** How strong the proof was (RFC 9470): `aal1` for a password alone (NIST SP 800-63B-4). */
  readonly acr: string;
  /** What the proof consisted of (RFC 8176): `pwd` for a password. */
  readonly amr: readonly string[];
  /** What the application told of the user at the login. It stays for the life of the session. */
  readonly claims: Claims;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly idleExpiresAt: Date;
  /** The absolute end. Nothing moves it. */
  readonly expiresAt: Date;
}

/** A live session, and the roles that its user has by the store's own knowledge. */
export interface Holder {
  readonly session: Session;
  readonly roles: readonly string[];
}

export type EndReason = 'logout' | 'ended_by_user' | 'evicted' | 'user_changed' | 'token_reused' | 'revoked_by_client';

/** Why a session ends, and by whom. */
export interface Cause {
  readonly reason: EndReason;
  readonly origin: Origin;
}

/** What the audit trail calls the end of a session. */
export function endEvent(reason: EndReason): AuditEvent {
  return reason === 'token_reused' ? 'authn_token_reuse' : 'authn_token_revoked';
}

/** When a session ends if it is not used again. Milliseconds since 1970. */
export function endOf(session: Session): number {
  return Math.min(session.idleExpiresAt.getTime(), session.expiresAt.getTime());
}

/** Whole seconds from `now` until then, by the time that has passed since the last use: what an answer takes is not counted. */
export function secondsLeft(session: Session, now: number): number {
  const lastSeenAt = session.lastSeenAt.getTime();
  const passed = Math.max(0, now - lastSeenAt);
  return Math.max(0, Math.floor((endOf(session) - lastSeenAt) / 1000) - Math.floor(passed / 1000));
}
