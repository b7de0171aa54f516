import type { AuthMode, Holder, Session, Transport } from '../../sessions/session.js';

/** The columns that make a `Session`, of a table aliased `s`. */
export const SESSION_COLUMNS = `s.id, s.user_id, s.mode, s.transport, s.device, s.ip,
  s.created_at, s.last_seen_at, s.idle_expires_at, s.expires_at`;

export interface SessionRow {
  id: string;
  user_id: string;
  mode: AuthMode;
  transport: Transport;
  device: string;
  ip: string | null;
  created_at: Date;
  last_seen_at: Date;
  idle_expires_at: Date;
  expires_at: Date;
}

export function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    userId: row.user_id,
    mode: row.mode,
    transport: row.transport,
    device: row.device,
    ip: row.ip,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    idleExpiresAt: row.idle_expires_at,
    expiresAt: row.expires_at,
  };
}

export function toHolder(row: SessionRow & { roles: string[] }): Holder {
  return { session: toSession(row), roles: row.roles };
}

/** Why a session `s` of a user `u` is dead at `now`, or null while it lives. */
export const DEATH = (now: string): string => `CASE
  WHEN s.ended_at IS NOT NULL OR u.status <> 'active' OR u.auth_epoch <> s.auth_epoch THEN 'revoked'
  WHEN ${now} >= LEAST(s.idle_expires_at, s.expires_at) THEN 'expired' END`;
