import type { Claims } from '@sallyport/verify/rules';
import type { AuthMode, Transport } from '../../core/credential.js';
import type { EndReason, Holder, Session } from '../../sessions/session.js';
import type { NewSession } from '../../sessions/session.store.js';

/** What the memory store keeps of a session. Times are in milliseconds since the epoch. */
export interface MemorySession {
  readonly id: string;
  readonly userId: string;
  readonly authEpoch: number;
  readonly roles: readonly string[];
  readonly device: string;
  readonly ip: string | null;
  readonly authTime: number;
  readonly acr: string;
  readonly amr: readonly string[];
  readonly claims: Claims;
  readonly createdAt: number;
  readonly expiresAt: number;
  mode: AuthMode;
  transport: Transport;
  lastSeenAt: number;
  idleExpiresAt: number;
  endedAt: number | null;
  endReason: EndReason | null;
  /** The number of the one current token. */
  generation: number;
  /** Makes the current token of its predecessor. Null until the first rotation, and from the first touch after its window on. */
  salt: Buffer | null;
  rotatedAt: number | null;
  /** The tokens of the session that are remembered, oldest first. */
  readonly digests: string[];
}

export function newMemorySession(session: NewSession, now: number, idleMs: number, absoluteMs: number): MemorySession {
  const { tokenDigest: _, provedMsAgo, ...login } = session;
  return {
    ...login,
    roles: [...session.roles],
    authTime: now - provedMsAgo,
    createdAt: now,
    lastSeenAt: now,
    idleExpiresAt: now + Math.min(idleMs, absoluteMs),
    expiresAt: now + absoluteMs,
    endedAt: null,
    endReason: null,
    generation: 0,
    salt: null,
    rotatedAt: null,
    digests: [],
  };
}

/** After the grace window nobody is handed the current token again, so that nothing needs to make it of its predecessor. */
export function forgetOldSalt(session: MemorySession, now: number, graceMs: number): void {
  if (session.rotatedAt !== null && now >= session.rotatedAt + graceMs) session.salt = null;
}

export function runsOutAt(session: MemorySession): number {
  return Math.min(session.idleExpiresAt, session.expiresAt);
}

/** What became of a session. An end counts before an expiry: it was there first. */
export function stateOf(session: MemorySession, now: number): 'live' | 'expired' | 'revoked' {
  if (session.endedAt !== null) return 'revoked';
  return now >= runsOutAt(session) ? 'expired' : 'live';
}

/** A copy: what a caller holds never changes under its hands. */
export function toSession(session: MemorySession): Session {
  const { id, userId, mode, transport, device, ip, acr, claims } = session;
  return {
    ...{ id, userId, mode, transport, device, ip, acr, claims },
    amr: [...session.amr],
    authTime: new Date(session.authTime),
    createdAt: new Date(session.createdAt),
    lastSeenAt: new Date(session.lastSeenAt),
    idleExpiresAt: new Date(session.idleExpiresAt),
    expiresAt: new Date(session.expiresAt),
  };
}

export function toHolder(session: MemorySession): Holder {
  return { session: toSession(session), roles: [...session.roles] };
}
