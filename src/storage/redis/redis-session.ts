import { asExt, type Claims, NO_CLAIMS } from '@sallyport/verify/rules';
import type { AuthMode, Transport } from '../../core/credential.js';
import type { Holder, Session } from '../../sessions/session.js';
import type { Ending, NewSession } from '../../sessions/session.store.js';

/** A session's hash as a script answers it: names and values by turns. */
export type Fields = readonly string[];

function read(fields: Fields): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) pairs.set(fields[i]!, fields[i + 1]!);
  return pairs;
}

export function toSession(id: string, fields: Fields): Session {
  const values = read(fields);
  const text = (name: string): string => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`A session in Redis has no ${name}`);
    return value;
  };
  const date = (name: string): Date => new Date(Number(text(name)));
  return {
    id,
    userId: text('userId'),
    mode: text('mode') as AuthMode,
    transport: text('transport') as Transport,
    device: text('device'),
    ip: values.get('ip') ?? null,
    // Sessions of the first release say nothing of their proof, which was a password at the login.
    authTime: date(values.has('authTime') ? 'authTime' : 'createdAt'),
    acr: values.get('acr') ?? 'aal1',
    amr: JSON.parse(values.get('amr') ?? '["pwd"]') as string[],
    claims: values.has('claims') ? (JSON.parse(text('claims')) as Claims) : NO_CLAIMS,
    createdAt: date('createdAt'),
    lastSeenAt: date('lastSeenAt'),
    idleExpiresAt: date('idleExpiresAt'),
    expiresAt: date('expiresAt'),
  };
}

export function toHolder(id: string, fields: Fields): Holder {
  return { session: toSession(id, fields), roles: JSON.parse(read(fields).get('roles') ?? '[]') as string[] };
}

/** The fields that a login fills in, names and values in turn; the rest is the script's. */
export function toFields(session: NewSession): string[] {
  const { userId, authEpoch, roles, mode, transport, device, ip, acr, amr } = session;
  const { ext: claims } = asExt(session.claims);
  const texts = {
    userId,
    authEpoch,
    mode,
    transport,
    device,
    acr,
    roles: JSON.stringify(roles),
    amr: JSON.stringify(amr),
    ...(ip !== null && { ip }),
    ...(claims && { claims: JSON.stringify(claims) }),
  };
  return Object.entries(texts).flatMap(([name, value]) => [name, String(value)]);
}

/** How a script answers that a session was to be ended; null when there is none. */
export type EndingReply = [string, string, Ending['outcome']] | null;

export function toEnding(reply: EndingReply): Ending | null {
  return reply && { sessionId: reply[0], userId: reply[1], outcome: reply[2] };
}

/** What makes the current token of its predecessor. */
export function saltOf(fields: Fields): Buffer {
  return Buffer.from(read(fields).get('salt') ?? '', 'base64url');
}
