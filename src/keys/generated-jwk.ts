import { generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { familyOf, MIN_SECRET_BYTES, type PrivateJwk, thumbprint } from './jwk.js';
import type { JwtAlgorithm } from './keys.options.js';

/** A new key for the algorithm, with its thumbprint as `kid`. */
export function generateJwk(algorithm: JwtAlgorithm): PrivateJwk {
  const jwk = generate(algorithm);
  return { ...jwk, kid: thumbprint(jwk), alg: algorithm, use: 'sig' };
}

function generate(algorithm: JwtAlgorithm): JsonWebKey {
  const kty = familyOf(algorithm);
  if (kty === 'oct') return { kty, k: randomBytes(MIN_SECRET_BYTES).toString('base64url') };
  if (kty === 'EC') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey.export({ format: 'jwk' });
}
