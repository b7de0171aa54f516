import { createHash, createHmac, randomBytes } from 'node:crypto';

/** What an opaque token is for; its first letters say so, and it is accepted for nothing else. */
export type TokenKind = 'ses' | 'ref';

const SECRET_BYTES = 32;
const SHAPE = /^(ses|ref)_[A-Za-z0-9_-]{43}$/;

/** A new token: its kind and 256 random bits, base64url. */
export function mintToken(kind: TokenKind): string {
  return spell(kind, randomBytes(SECRET_BYTES));
}

/** The kind that a string's shape names, or null when it is no token of ours. */
export function tokenKind(token: string): TokenKind | null {
  if (!SHAPE.test(token)) return null;
  const [kind, text] = [token.slice(0, 3) as TokenKind, token.slice(4)];
  return Buffer.from(text, 'base64url').toString('base64url') === text ? kind : null;
}

/** The only form in which a token is stored: SHA-256 of its whole text, so that a digest of one kind never fits another. */
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
export function successorOf(token: string, salt: Buffer, kind: TokenKind): string {
  const secret = Buffer.from(token.slice(4), 'base64url');
  return spell(kind, createHmac('sha256', secret).update('sallyport successor\0').update(salt).digest());
}

function spell(kind: TokenKind, secret: Buffer): string {
  return `${kind}_${secret.toString('base64url')}`;
}
