import { constants, createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { type UnverifiedToken } from './compact-token.js';

/** The algorithms whose public key may be published, and with which any service may therefore verify (RFC 7518 section 3.1). */
export const PUBLIC_KEY_ALGORITHMS = ['ES256', 'RS256', 'PS256'] as const;
export type PublicKeyAlgorithm = (typeof PUBLIC_KEY_ALGORITHMS)[number];

/** `HS256` is for whoever holds the shared secret: the backend alone. */
export type Algorithm = PublicKeyAlgorithm | 'HS256';

/** A key and the one algorithm it is used with: a public key, or for `HS256` a secret. */
export interface VerificationKey {
  readonly alg: Algorithm;
  readonly key: KeyObject;
}

/**
 * Whether this key signed this token. The header's `alg` must be the key's own (RFC 8725 section 3.1): the token never chooses
 * how its key is used. False for a bad signature; throws when the key is not of its algorithm's kind, which is a mistake of ours.
 *
 * ```ts
 * signatureHolds(token, { alg: 'ES256', key: createPublicKey({ key: jwk, format: 'jwk' }) });
 * ```
 */
export function signatureHolds({ alg, signedText, signature }: UnverifiedToken, by: VerificationKey): boolean {
  if (alg !== by.alg) return false;
  const { key } = by;
  const text = Buffer.from(signedText);
  switch (by.alg) {
    case 'ES256': // RFC 7518 section 3.4: R and S, 32 bytes each. The DER that other formats use is another spelling.
      return signature.length === 64 && verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, signature);
    case 'RS256':
      return (
        isWhole(signature, key) && verify('sha256', text, { key, padding: constants.RSA_PKCS1_PADDING }, signature)
      );
    case 'PS256':
      return (
        isWhole(signature, key) &&
        verify('sha256', text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, signature)
      );
    case 'HS256': {
      const expected = createHmac('sha256', key).update(text).digest();
      return signature.length === expected.length && timingSafeEqual(signature, expected);
    }
  }
}

/** RFC 8017 sections 8.1.2 and 8.2.2: as long as the modulus. OpenSSL takes a PSS signature also without the zeros that it begins with. */
function isWhole(signature: Buffer, key: KeyObject): boolean {
  return signature.length === Math.ceil(key.asymmetricKeyDetails!.modulusLength! / 8);
}
