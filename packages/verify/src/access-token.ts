import { type KeyObject, constants, verify } from 'node:crypto';
import { Refusal } from './refusal.js';

/** Seconds by which the backend's clock and ours may differ. */
const SKEW_SECONDS = 5;
const LONGEST_LIFE_SECONDS = 15 * 60;
const MAX_BYTES = 4096;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const ALGORITHMS = ['ES256', 'RS256', 'PS256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** One public key and the one algorithm it is used with. */
export interface SigningKey {
  readonly alg: Algorithm;
  readonly key: KeyObject;
}

/** A JWT whose form is right and whose word is not yet to be believed. */
export interface UnverifiedToken {
  readonly alg: string;
  readonly kid: string;
  readonly payload: Record<string, unknown>;
  readonly signedText: string;
  readonly signature: Buffer;
}

export interface AccessTokenClaims {
  readonly sub: string;
  readonly sid: string;
  readonly roles: readonly string[];
  readonly authTime: number;
  readonly exp: number;
}

/**
 * Takes a compact JWT apart. Strict before anything is decoded: common libraries accept the same token in several spellings
 * (padding, blanks, changed spare bits) and JSON with a claim given twice, and each is a way to say two things to two readers.
 */
export function readToken(text: string): UnverifiedToken {
  const invalid = new Refusal('token_invalid');
  if (text.length > MAX_BYTES || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) throw invalid;
  const parts = text.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (parts.map((part) => part.toString('base64url')).join('.') !== text) throw invalid;
  const header = readJson(parts[0]);
  const payload = readJson(parts[1]);
  if (!header || !payload) throw invalid;
  const { alg, typ, kid, ...rest } = header;
  if (Object.keys(rest).length > 0 || typeof alg !== 'string' || typeof kid !== 'string') throw invalid;
  if (typ !== 'at+jwt' && typ !== 'application/at+jwt') throw invalid;
  if (!/^[\w-]{1,64}$/.test(kid)) throw invalid;
  return { alg, kid, payload, signedText: text.slice(0, text.lastIndexOf('.')), signature: parts[2] };
}

/**
 * An object written exactly as `JSON.stringify` writes it, or null. One comparison refuses every second way to write the same
 * thing: a name given twice (the last would win), 1e400 (Infinity: never expires), blanks, a byte order mark, bytes that are not UTF-8.
 */
function readJson(bytes: Buffer): Record<string, unknown> | null {
  const text = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject || JSON.stringify(value) !== text || !Buffer.from(text).equals(bytes)) return null;
    return value as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** The header's `alg` must be the key's own; the token never chooses how its key is used. */
export function signatureHolds(
  { alg, signedText, signature }: UnverifiedToken,
  { alg: keyAlg, key }: SigningKey,
): boolean {
  if (alg !== keyAlg) return false;
  const text = Buffer.from(signedText);
  if (keyAlg === 'ES256') {
    return signature.length === 64 && verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, signature);
  }
  if (keyAlg === 'RS256') return verify('sha256', text, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  return verify('sha256', text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, signature);
}

/** The claims of a token whose signature holds (RFC 9068 section 4), or the refusal that they earn. */
export function readClaims(
  claims: Record<string, unknown>,
  expected: { issuer: string; audience: string },
  nowSeconds: number,
): AccessTokenClaims {
  const { iss, aud, sub, sid, jti, iat, exp, nbf, client_id: clientId, auth_time: authTime, roles } = claims;
  const isOurs =
    iss === expected.issuer &&
    isAudience(aud, expected.audience) &&
    isUuid(sub) &&
    isUuid(sid) &&
    typeof jti === 'string' &&
    /^[\w-]{22,64}$/.test(jti) && // 22 characters of base64url hold 128 bits
    typeof clientId === 'string' &&
    clientId !== '' &&
    areRoles(roles) &&
    isTime(iat) &&
    isTime(exp) &&
    isTime(authTime) &&
    (nbf === undefined || isTime(nbf)) &&
    Math.max(iat, authTime, nbf ?? 0) <= nowSeconds + SKEW_SECONDS &&
    exp > iat &&
    exp - iat <= LONGEST_LIFE_SECONDS;
  if (!isOurs) throw new Refusal('token_invalid');
  if (nowSeconds >= exp + SKEW_SECONDS) throw new Refusal('token_expired');
  return { sub, sid, roles, authTime, exp };
}

/** `aud` is one name or a list of names (RFC 7519 section 4.1.3), nothing else. */
export function isAudience(aud: unknown, audience: string): boolean {
  return (
    aud === audience || (Array.isArray(aud) && aud.every((one) => typeof one === 'string') && aud.includes(audience))
  );
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

export function areRoles(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((role) => typeof role === 'string');
}

/** Whole seconds since 1970. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
