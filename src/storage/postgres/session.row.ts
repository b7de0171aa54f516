import { asExt, type Claims, NO_CLAIMS } from '@sallyport/verify/rules';
import type { AuthMode, Transport } from '../../core/credential.js';
import { type Cause, endEvent, type Holder, type Session } from '../../sessions/session.js';
import type { Ending, NewSession } from '../../sessions/session.store.js';
import { tellingText } from './audit.sql.js';

/** The columns that make a `Session`, of a table aliased `s`. */
export const SESSION_COLUMNS = `s.id, s.user_id, s.mode, s.transport, s.device, s.ip, s.auth_time, s.acr, s.amr, s.claims,
  s.created_at, s.last_seen_at, s.idle_expires_at, s.expires_at`;

export interface SessionRow {
  id: string;
  user_id: string;
  mode: AuthMode;
  transport: Transport;
  device: string;
  ip: string | null;
  auth_time: Date | null;
  acr: string;
  amr: string[];
  claims: Claims | null;
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
    authTime: row.auth_time ?? row.created_at,
    acr: row.acr,
    amr: row.amr,
    claims: row.claims ?? NO_CLAIMS,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    idleExpiresAt: row.idle_expires_at,
    expiresAt: row.expires_at,
  };
}

export function toHolder(row: SessionRow & { roles: string[] }): Holder {
  return { session: toSession(row), roles: row.roles };
}

/** The columns that a login fills in; the rest is the store's. As JSON, for `sallyport_open_session`. */
export function toJson(session: NewSession): string {
  const { id, userId: user_id, authEpoch: auth_epoch, mode, transport, device, ip, acr, amr } = session;
  const { ext: claims } = asExt(session.claims);
  return JSON.stringify({ id, user_id, auth_epoch, mode, transport, device, ip, acr, amr, claims });
}

export interface EndingRow {
  id: string;
  user_id: string;
  outcome: Ending['outcome'];
}

export function toEnding({ id, user_id, outcome }: EndingRow): Ending {
  return { sessionId: id, userId: user_id, outcome };
}

/** As JSON, for a statement that ends sessions. */
export function tellingOfEnd({ reason, origin }: Cause): string {
  return tellingText(endEvent(reason), origin, reason);
}
