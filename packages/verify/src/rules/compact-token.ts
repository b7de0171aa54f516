import { isUtf8 } from 'node:buffer';

/** Enough for a user with a hundred roles. A longer text is refused before any of it is decoded. */
const MAX_BYTES = 4096;
const HEADER_MEMBERS: readonly string[] = ['alg', 'typ', 'kid'];

/** A JWT whose spelling is right and whose word is not yet to be believed. */
export interface UnverifiedToken {
  readonly alg: string;
  readonly kid: string;
  readonly typ: string | undefined;
  /**
   * What the payload says, read once; null when it is not one object in its one spelling. It counts once the signature holds, and
   * what its members are worth is for `readClaims`.
   */
  readonly members: () => Readonly<Record<string, unknown>> | null;
  /** Header and payload as they were sent: what the signature is about. */
  readonly signedText: string;
  readonly signature: Buffer;
}

/**
 * Takes a compact JWT (RFC 7515 section 3.1) apart; null when it is not spelled as the backend spells one.
 *
 * Common libraries accept one token in several spellings (padding, blanks, changed spare bits, a header member given twice), and
 * each is a way to say two things to two readers. Here one token has one text. A header holds `alg`, `kid` and perhaps `typ`;
 * any other member (`jwk`, `jku`, `x5c`, `crit`, `zip`…) is refused, since the token never chooses how it is checked.
 *
 * ```ts
 * const token = readToken(text);
 * if (!token) throw new Error('token_invalid');
 * ```
 */
export function readToken(text: string): UnverifiedToken | null {
  if (text.length > MAX_BYTES || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return null;
  const [headerBytes, payload, signature] = text.split('.').map(decode) as [Bytes, Bytes, Bytes];
  if (!headerBytes || !payload || !signature) return null;
  const header = readJsonObject(headerBytes);
  if (!header || !Object.keys(header).every((member) => HEADER_MEMBERS.includes(member))) return null;
  const { alg, typ, kid } = header;
  if (typeof alg !== 'string' || !isKid(kid) || (typ !== undefined && typeof typ !== 'string')) return null;
  const members = once(() => readJsonObject(payload));
  return { alg, typ, kid, members, signedText: text.slice(0, text.lastIndexOf('.')), signature };
}

/** True for the name of a key: 1 to 64 letters, digits, `-` or `_`, so that it is harmless wherever it is looked up or logged. */
export function isKid(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}

/**
 * The object that these bytes spell in UTF-8 exactly as `JSON.stringify` spells it, or null. One comparison refuses every second
 * way to write the same thing: a name given twice (the last would win), 1e400 (Infinity: never expires), blanks, a byte order mark.
 */
export function readJsonObject(bytes: Buffer): Record<string, unknown> | null {
  if (!isUtf8(bytes)) return null;
  const text = bytes.toString('utf8');
  const value = parse(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && JSON.stringify(value) === text ? (value as Record<string, unknown>) : null;
}

function once<T>(read: () => T): () => T {
  let kept: { value: T } | undefined;
  return () => (kept ??= { value: read() }).value;
}

type Bytes = Buffer | null;

/** Null when the bits that no byte uses are not zero: the same bytes in another spelling. */
function decode(part: string): Bytes {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : null;
}

/** Undefined, which no JSON text stands for, when the text is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
