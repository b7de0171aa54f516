import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export type Members = Record<string, unknown>;

/** A genuine token taken apart, and the private key that signed it: what a forger could wish for. */
export interface Genuine {
  readonly token: string;
  readonly parts: readonly [header: string, payload: string, signature: string];
  readonly header: Members;
  readonly claims: Members;
  readonly key: KeyObject;
}

/** Makes a bad token of a genuine one. */
export type Forge = (genuine: Genuine) => string;

/** For a token signed with ES256, as all attacks are. */
export function takeApart(token: string, key: KeyObject): Genuine {
  const parts = token.split('.') as [string, string, string];
  return { token, parts, header: decode(parts[0]), claims: decode(parts[1]), key };
}

/** Signed with ES256, whatever the header says. Text and bytes are taken as they stand, anything else is made JSON. */
export function signed(key: KeyObject, header: unknown, payload: unknown): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${encode(signature('ES256', key, text))}`;
}

export function signature(alg: string, key: KeyObject, text: string): Buffer {
  const bytes = Buffer.from(text);
  if (alg === 'HS256') return createHmac('sha256', key).update(bytes).digest();
  if (alg === 'ES256') return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
  if (alg === 'RS256') return sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PADDING });
  return sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
}

export function strangersKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

export function encode(part: unknown): string {
  if (Buffer.isBuffer(part)) return part.toString('base64url');
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

export function decode(part: string): Members {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Members;
}

export function without(members: Members, ...names: string[]): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
