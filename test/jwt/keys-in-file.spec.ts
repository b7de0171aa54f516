import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateJwk, readJwk } from '../../src/auth/jwt/jwk.js';
import type { JwtAlgorithm } from '../../src/auth/jwt/jwt.options.js';
import { createKeysFile, jwksOf, replaceKeysFile } from '../../src/auth/jwt/keys-file.js';

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

describe('replacing the keys file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-replace-'));
    createKeysFile(join(folder, 'keys.json'), 'ES256');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('leaves it to those who could read it before', () => {
    const path = join(folder, 'keys.json');
    chmodSync(path, 0o640);
    replaceKeysFile(path, [EC]);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(jwksOf(readFileSync(path, 'utf8'))).toEqual([EC]);
  });

  it('follows a link to where the keys are, and leaves nothing beside them', () => {
    const link = join(folder, 'link.json');
    symlinkSync('keys.json', link);
    replaceKeysFile(link, [EC]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(jwksOf(readFileSync(join(folder, 'keys.json'), 'utf8'))).toEqual([EC]);
    expect(readdirSync(folder)).toEqual(['keys.json', 'link.json']);
  });
});
