import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { generateJwk } from '../../src/keys/generated-jwk.js';
import { readJwk } from '../../src/keys/jwk.js';
import type { JwtAlgorithm } from '../../src/keys/keys.options.js';

const EC = generateJwk('ES256');
const secret = (bytes: Buffer): JsonWebKey => ({ kty: 'oct', k: bytes.toString('base64url') });
const weak = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey.export({
  format: 'jwk',
});

describe('a key', () => {
  it.each<[what: string, jwk: object, algorithm: JwtAlgorithm, why: RegExp]>([
    ['that may only verify', { ...EC, key_ops: ['verify'] }, 'ES256', /not for signatures/],
    ['whose operations are no list', { ...EC, key_ops: 'sign' }, 'ES256', /not for signatures/],
    ['that signs from a fraction of a time on', { ...EC, useFrom: 0.5 }, 'ES256', /whole numbers/],
    ['that retires at no time', { ...EC, retireAt: null }, 'ES256', /whole numbers/],
    ['with a public exponent of 3', weak, 'RS256', /exponent/],
    ['that is 32 zeros', secret(Buffer.alloc(32)), 'HS256', /not random/],
    ['that is a word again and again', secret(Buffer.from('changeme'.repeat(8))), 'HS256', /not random/],
  ])('%s is refused', (_, jwk, algorithm, why) => {
    expect(() => readJwk(jwk as JsonWebKey, algorithm)).toThrow(why);
  });

  it('that may sign and verify, and a secret that is hexadecimal text, are taken', () => {
    expect(readJwk({ ...EC, key_ops: ['sign', 'verify'] }, 'ES256').kid).toBe(EC.kid);
    const text = Buffer.from('84e1b0c5f7a29d3684e1b0c5f7a29d36'.repeat(2));
    expect(readJwk(secret(text), 'HS256').publicJwk).toBeNull();
  });
});
