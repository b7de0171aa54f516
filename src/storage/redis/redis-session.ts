import type { AuthMode, Holder, Session, Transport } from '../../sessions/session.js';

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
    createdAt: date('createdAt'),
    lastSeenAt: date('lastSeenAt'),
    idleExpiresAt: date('idleExpiresAt'),
    expiresAt: date('expiresAt'),
  };
}

export function toHolder(id: string, fields: Fields): Holder {
  return { session: toSession(id, fields), roles: JSON.parse(read(fields).get('roles') ?? '[]') as string[] };
}

/** What makes the current token of its predecessor. */
export function saltOf(fields: Fields): Buffer {
  return Buffer.from(read(fields).get('salt') ?? '', 'base64url');
}
