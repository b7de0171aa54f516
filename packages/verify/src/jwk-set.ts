import { type JsonWebKey, createPublicKey } from 'node:crypto';
import { asRecord } from './ask.js';
import { isKid } from './rules/compact-token.js';
import { PUBLIC_KEY_ALGORITHMS, type PublicKeyAlgorithm, type VerificationKey } from './rules/signature.js';

/** A key of the backend's. A shared secret is never one: whoever can verify with it can sign. */
export interface SigningKey extends VerificationKey {
  readonly alg: PublicKeyAlgorithm;
}

const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * The keys of a JWK set, by `kid`. One bad key spoils the set: a publisher that lists a secret, or two keys under one name, is not
 * one whose other keys should be believed. The error says which rule was broken and shows no key.
 */
export function readJwkSet(json: unknown): ReadonlyMap<string, SigningKey> {
  const entries = asRecord(json)?.keys;
  if (!Array.isArray(entries)) throw new Error('The JWK set has no list of keys.');
  const keys = new Map<string, SigningKey>();
  for (const entry of entries) {
    const jwk = asRecord(entry);
    if (!jwk || !isKid(jwk.kid)) throw new Error('A key has no usable kid.');
    if (keys.has(jwk.kid)) throw new Error('Two keys have the same kid.');
    keys.set(jwk.kid, readKey(jwk));
  }
  return keys;
}

function readKey(jwk: Record<string, unknown>): SigningKey {
  if (SECRET_MEMBERS.some((name) => name in jwk)) throw new Error('A key shows its secret part.');
  if (jwk.use !== undefined && jwk.use !== 'sig') throw new Error('A key is not meant for signatures.');
  const operations = jwk.key_ops;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    throw new Error('A key is not meant for verifying.');
  }
  const alg = PUBLIC_KEY_ALGORITHMS.find((one) => one === jwk.alg);
  if (!alg) throw new Error('A key names no algorithm that is accepted here.');
  return alg === 'ES256' ? readEcKey(jwk, alg) : readRsaKey(jwk, alg);
}

function readEcKey({ kty, crv, x, y }: Record<string, unknown>, alg: PublicKeyAlgorithm): SigningKey {
  if (kty !== 'EC' || crv !== 'P-256') throw new Error('An ES256 key is not on the curve P-256.');
  // createPublicKey refuses a point that is not on the curve.
  return { alg, key: createPublicKey({ key: { kty, crv, x, y } as JsonWebKey, format: 'jwk' }) };
}

function readRsaKey({ kty, n, e }: Record<string, unknown>, alg: PublicKeyAlgorithm): SigningKey {
  if (kty !== 'RSA') throw new Error(`A key for ${alg} is not an RSA key.`);
  const key = createPublicKey({ key: { kty, n, e } as JsonWebKey, format: 'jwk' });
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < 2048) throw new Error('An RSA key is shorter than 2048 bits.');
  if (publicExponent < 65537n || publicExponent % 2n === 0n) throw new Error('An RSA key has a weak exponent.');
  return { alg, key };
}
