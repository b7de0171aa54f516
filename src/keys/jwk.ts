import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { JwtAlgorithm } from './keys.options.js';

/** A private key of the keys file (RFC 7517), with the times between which it signs and is believed. */
export interface PrivateJwk extends JsonWebKey {
  kid?: string;
  alg?: string;
  use?: string;
  key_ops?: string[];
  /** From when it signs, milliseconds since the epoch; absent: from the start. */
  useFrom?: number;
  /** From when it is no longer believed; absent: never. */
  retireAt?: number;
}

/** A key whose signatures are believed. */
export interface VerificationKey {
  readonly kid: string;
  /** The one algorithm that this key is used with (RFC 8725, section 3.1). */
  readonly alg: JwtAlgorithm;
  readonly key: KeyObject;
}

export interface SigningKey extends VerificationKey {
  readonly privateKey: KeyObject;
}

/** A key with the times of its JWK, milliseconds since the epoch: 0 and infinity where the JWK has none. */
export interface TimedKey extends SigningKey {
  readonly useFrom: number;
  readonly retireAt: number;
  /** What may be published; null for a shared secret. */
  readonly publicJwk: JsonWebKey | null;
}

const PUBLIC_MEMBERS = { EC: ['crv', 'kty', 'x', 'y'], RSA: ['e', 'kty', 'n'], oct: ['k', 'kty'] } as const;
const KID = /^[A-Za-z0-9_-]{1,64}$/;
const MIN_RSA_BITS = 2048;
/** FIPS 186-5, 5.1. An exponent of 1 makes a signature of anything. */
const MIN_RSA_EXPONENT = 65_537n;
export const MIN_SECRET_BYTES = 32;
/** Random bytes have more, even as hexadecimal text; zeros, repetitions and `changeme…` do not. */
const MIN_DIFFERENT_BYTES = 12;

/** Why a key cannot be used. Never holds key material. */
export class KeyError extends Error {}

/** The key that a JWK holds, if it fits the algorithm. Throws `KeyError`. */
export function readJwk(jwk: PrivateJwk, algorithm: JwtAlgorithm): TimedKey {
  const kty = familyOf(algorithm);
  if (jwk.kty !== kty)
    throw new KeyError(`is of kind ${KID.test(String(jwk.kty)) ? jwk.kty : 'unknown'}; ${algorithm} needs ${kty}`);
  if (jwk.alg !== undefined && jwk.alg !== algorithm) throw new KeyError(`is for another algorithm than ${algorithm}`);
  if (!isForSigning(jwk)) throw new KeyError('is not for signatures');
  const { useFrom = 0, retireAt = Infinity } = jwk;
  if (!isTime(useFrom) || !(isTime(retireAt) || retireAt === Infinity))
    throw new KeyError('has times that are no whole numbers of milliseconds');
  const kid: unknown = jwk.kid ?? thumbprint(jwk);
  if (typeof kid !== 'string' || !KID.test(kid))
    throw new KeyError('has a kid that is not 1 to 64 letters, digits, - or _');
  return {
    kid,
    alg: algorithm,
    useFrom,
    retireAt,
    ...(kty === 'oct' ? readSecret(jwk) : readPair(jwk, algorithm, kid)),
  };
}

function isForSigning({ use, key_ops }: PrivateJwk): boolean {
  return (
    (use === undefined || use === 'sig') &&
    (key_ops === undefined || (Array.isArray(key_ops) && key_ops.includes('sign')))
  );
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readSecret(jwk: PrivateJwk): Pick<TimedKey, 'key' | 'privateKey' | 'publicJwk'> {
  // The decoder would pass over what is not of its alphabet, and the others' secret would be another.
  if (typeof jwk.k !== 'string' || !/^[\w-]+$/.test(jwk.k)) throw new KeyError('has no base64url secret');
  const secret = Buffer.from(jwk.k, 'base64url');
  if (secret.length < MIN_SECRET_BYTES) throw new KeyError(`is shorter than ${MIN_SECRET_BYTES} bytes`);
  if (new Set(secret).size < MIN_DIFFERENT_BYTES) throw new KeyError('is not random');
  const key = createSecretKey(secret);
  return { key, privateKey: key, publicJwk: null };
}

function readPair(jwk: PrivateJwk, alg: JwtAlgorithm, kid: string): Pick<TimedKey, 'key' | 'privateKey' | 'publicJwk'> {
  if (jwk.d === undefined) throw new KeyError('has no private part');
  const privateKey = parsePrivate(jwk);
  const key = createPublicKey(privateKey);
  const { namedCurve, modulusLength = 0, publicExponent = 0n } = privateKey.asymmetricKeyDetails ?? {};
  if (jwk.kty === 'EC' && namedCurve !== 'prime256v1') throw new KeyError('is not on the curve P-256');
  if (jwk.kty === 'RSA' && modulusLength < MIN_RSA_BITS) throw new KeyError(`is shorter than ${MIN_RSA_BITS} bits`);
  if (jwk.kty === 'RSA' && publicExponent < MIN_RSA_EXPONENT)
    throw new KeyError(`has a public exponent under ${MIN_RSA_EXPONENT}`);
  if (!isPair(privateKey, key)) throw new KeyError('has a private part that is not that of its public one');
  return { key, privateKey, publicJwk: { ...key.export({ format: 'jwk' }), kid, alg, use: 'sig' } };
}

function parsePrivate(jwk: PrivateJwk): KeyObject {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch (cause) {
    throw new KeyError('cannot be read as a key', { cause });
  }
}

/** OpenSSL takes the two parts as they come. Unlike ones would sign tokens that nobody can verify. */
function isPair(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const probe = Buffer.from('sallyport');
  try {
    return verify('sha256', probe, publicKey, sign('sha256', probe, privateKey));
  } catch {
    return false; // numbers that fit so badly that nothing can be signed with them
  }
}

/** RFC 7638. */
export function thumbprint(jwk: JsonWebKey): string {
  const members = PUBLIC_MEMBERS[jwk.kty as keyof typeof PUBLIC_MEMBERS];
  const required = Object.fromEntries(members.map((member) => [member, jwk[member]]));
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url');
}

/** The kind of key that an algorithm needs (RFC 7518, section 6.1). */
export function familyOf(algorithm: JwtAlgorithm): keyof typeof PUBLIC_MEMBERS {
  if (algorithm === 'HS256') return 'oct';
  return algorithm === 'ES256' ? 'EC' : 'RSA';
}
