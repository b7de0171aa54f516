import { createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Members = Record<string, unknown>;

/** A genuine token taken apart, and all that its issuer has: what a forger could wish for. */
export interface Genuine {
  readonly token: string;
  readonly parts: readonly [header: string, payload: string, signature: string];
  readonly header: Members;
  readonly claims: Members;
  readonly jwk: JsonWebKey;
  readonly key: KeyObject;
}

export function takeApart(token: string, keysFile: string): Genuine {
  const parts = token.split('.') as [string, string, string];
  const [header, claims] = [decode(parts[0]), decode(parts[1])];
  const { keys } = JSON.parse(readFileSync(keysFile, 'utf8')) as { keys: (JsonWebKey & { kid: string })[] };
  const jwk = keys.find(({ kid }) => kid === header.kid)!;
  return { token, parts, header, claims, jwk, key: createPrivateKey({ key: jwk, format: 'jwk' }) };
}

/** Signed with ES256, whatever the header says. Text is taken as it stands, anything else is made JSON. */
export function signed(key: KeyObject, header: unknown, payload: unknown): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signature(key, input)}`;
}

export function signature(key: KeyObject, input: string): string {
  return sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

export function strangersKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

export function encode(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

export function decode(part: string): Members {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Members;
}

export function without(members: Members, ...names: string[]): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
