import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { AuthMode } from '../core/credential.js';

/** How the long-lived token of a session begins in each mode: `ses_` is carried on every request, `ref_` to a refresh only. */
const PREFIXES = { session: 'ses', jwt: 'ref' } as const;

export const SECRET_BYTES = 32;
const SHAPE = /^(ses|ref)_[A-Za-z0-9_-]{43}$/;

/** A new token for a session of this mode: its prefix and 256 random bits, base64url. */
export function mintToken(mode: AuthMode): string {
  return spell(mode, randomBytes(SECRET_BYTES));
}

/** The mode whose long-lived tokens have this shape, or null when it is no such token. Says nothing about its being genuine. */
export function modeOfToken(token: string): AuthMode | null {
  if (!SHAPE.test(token)) return null;
  const text = token.slice(4);
  if (Buffer.from(text, 'base64url').toString('base64url') !== text) return null;
  return token.startsWith(PREFIXES.session) ? 'session' : 'jwt';
}

/** The only form in which a token is stored: SHA-256 of its whole text, so that a digest of one mode's token never fits another's. */
export function digestToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export function newSalt(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/**
 * The successor of a token is derived, not stored: whoever presents the same predecessor again is handed the same
 * successor, and what the store holds (digests and the salt) is not enough to make either.
 */
export function successorOf(token: string, salt: Buffer, mode: AuthMode): string {
  const secret = Buffer.from(token.slice(4), 'base64url');
  return spell(mode, createHmac('sha256', secret).update('sallyport successor\0').update(salt).digest());
}

function spell(mode: AuthMode, secret: Buffer): string {
  return `${PREFIXES[mode]}_${secret.toString('base64url')}`;
}
