import type { AuthMode, Transport } from '../core/credential.js';

export type { AuthMode, Transport };

/** One login on one device. Both modes open one. Its id is public and never a secret. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  /** The kind of credential that the session's client carries now. */
  readonly mode: AuthMode;
  readonly transport: Transport;
  readonly device: string;
  readonly ip: string | null;
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

/** How long sessions live and how many a user may have. */
export abstract class SessionPolicy {
  abstract readonly idleSeconds: number;
  abstract readonly absoluteSeconds: number;
  /** How long a replaced token still converges on its successor. */
  abstract readonly graceSeconds: number;
  abstract readonly maxPerUser: number;
  abstract readonly limitPolicy: 'evict-oldest' | 'reject';
}

/** Last-seen is written at most this often for a session, and never so late that an active user idles out. */
export function touchIntervalMs(policy: SessionPolicy): number {
  return Math.min(60_000, (policy.idleSeconds * 1000) / 4);
}

/** When a session ends if it is not used again. Milliseconds since the epoch. */
export function endOf(session: Session): number {
  return Math.min(session.idleExpiresAt.getTime(), session.expiresAt.getTime());
}

/** Whole seconds from `now` until then, by the time that has passed since the last use: what an answer takes is not counted. */
export function secondsLeft(session: Session, now: number): number {
  const lastSeenAt = session.lastSeenAt.getTime();
  const passed = Math.max(0, now - lastSeenAt);
  return Math.max(0, Math.floor((endOf(session) - lastSeenAt) / 1000) - Math.floor(passed / 1000));
}

/** How long a dead session is remembered, so that its holder hears why it ended. */
export const REMEMBERED_MS = 24 * 60 * 60 * 1000;
