import { createHash, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JwtAlgorithm } from '../../src/keys/keys.options.js';
import { KeySet } from '../../src/keys/key-set.js';
import { explain } from '../../src/config/explain.js';
import { SystemClock } from '../../src/core/clock.js';
import { toldTime } from '../support/told-time.js';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ec = (namedCurve = 'P-256'): JsonWebKey =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'jwk' });
const rsa = (modulusLength = 2048): JsonWebKey =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ format: 'jwk' });
const oct = (bytes = 32): JsonWebKey => ({ kty: 'oct', k: randomBytes(bytes).toString('base64url') });

const [EC, OTHER_EC, RSA, OTHER_RSA, OCT] = [ec(), ec(), rsa(), rsa(), oct()];
const without = (jwk: JsonWebKey, ...members: string[]): JsonWebKey =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => !members.includes(name)));

let count = 0;
function file(content: unknown): string {
  const path = join(folder, `${(count += 1)}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function open(path: string, algorithm: JwtAlgorithm): KeySet {
  const clock = new SystemClock();
  const keys = new KeySet(
    { inUse: true, algorithm, file: path, mayGenerate: false, mustBePrivate: false },
    toldTime(clock),
    clock,
  );
  try {
    keys.onModuleInit();
    return keys;
  } finally {
    keys.onModuleDestroy();
  }
}

function whyNot(path: string, algorithm: JwtAlgorithm): string | null {
  try {
    open(path, algorithm);
    return null;
  } catch (error) {
    return explain(error);
  }
}

const REFUSED: [what: string, content: unknown, algorithm: JwtAlgorithm][] = [
  ['nothing', '', 'ES256'],
  ['no JSON', `{"keys": [${JSON.stringify(EC).slice(0, -3)}`, 'ES256'],
  [
    'a PEM',
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'ES256',
  ],
  ['null', 'null', 'ES256'],
  ['a set without keys', { keys: [] }, 'ES256'],
  ['a list', [EC], 'ES256'],
  ['a key without a set', EC, 'ES256'],
  ['keys that are an object', { keys: EC }, 'ES256'],
  ['a key that is null', { keys: [null] }, 'ES256'],
  ['a key that is a string', { keys: [EC.d] }, 'ES256'],
  ['a key without a kind', { keys: [without(EC, 'kty')] }, 'ES256'],
  ['an RSA key under ES256', { keys: [RSA] }, 'ES256'],
  ['an EC key under RS256', { keys: [EC] }, 'RS256'],
  ['a secret under ES256', { keys: [OCT] }, 'ES256'],
  ['an RSA key under HS256', { keys: [RSA] }, 'HS256'],
  ['a key for another curve', { keys: [ec('P-384')] }, 'ES256'],
  ['a key of the size of P-256 on another curve', { keys: [ec('secp256k1')] }, 'ES256'],
  ['a key for another algorithm', { keys: [{ ...EC, alg: 'ES384' }] }, 'ES256'],
  ['an RS256 key under PS256', { keys: [{ ...RSA, alg: 'RS256' }] }, 'PS256'],
  ['a key for encryption', { keys: [{ ...EC, use: 'enc' }] }, 'ES256'],
  ['a public EC key', { keys: [without(EC, 'd')] }, 'ES256'],
  ['a public RSA key', { keys: [without(RSA, 'd', 'p', 'q', 'dp', 'dq', 'qi')] }, 'RS256'],
  ['an RSA key of 1024 bits', { keys: [rsa(1024)] }, 'RS256'],
  ['an RSA key of 2047 bits', { keys: [rsa(2047)] }, 'PS256'],
  ['an RSA key without primes', { keys: [without(RSA, 'p', 'q', 'dp', 'dq', 'qi')] }, 'RS256'],
  ['an RSA key with the primes of another', { keys: [{ ...OTHER_RSA, n: RSA.n }] }, 'RS256'],
  ['an EC key with the private part of another', { keys: [{ ...EC, d: OTHER_EC.d }] }, 'ES256'],
  ['an EC point that is not on the curve', { keys: [{ ...EC, x: EC.y, y: EC.x }] }, 'ES256'],
  ['a junk private part', { keys: [{ ...EC, d: 'AAAA' }] }, 'ES256'],
  ['a private part that is a number', { keys: [{ ...EC, d: 1 }] }, 'ES256'],
  ['a secret of 31 bytes', { keys: [oct(31)] }, 'HS256'],
  ['no secret', { keys: [without(OCT, 'k')] }, 'HS256'],
  ['a secret that is no base64url', { keys: [{ kty: 'oct', k: `${OCT.k!.slice(0, -4)} !? and words` }] }, 'HS256'],
  ['a secret that is a list', { keys: [{ kty: 'oct', k: [OCT.k] }] }, 'HS256'],
  ['a good key and a bad one', { keys: [EC, without(OTHER_EC, 'd')] }, 'ES256'],
  [
    'two keys of one name',
    {
      keys: [
        { ...EC, kid: 'one' },
        { ...OTHER_EC, kid: 'one' },
      ],
    },
    'ES256',
  ],
  ['one key twice', { keys: [EC, EC] }, 'ES256'],
  ['a name with a line break', { keys: [{ ...EC, kid: 'a\nb' }] }, 'ES256'],
  ['a name that is a number', { keys: [{ ...EC, kid: 5 }] }, 'ES256'],
  ['an empty name', { keys: [{ ...EC, kid: '' }] }, 'ES256'],
  ['times that are dates', { keys: [{ ...EC, useFrom: '2026-01-01' }] }, 'ES256'],
  ['only keys that have retired', { keys: [{ ...EC, retireAt: 1 }] }, 'ES256'],
];

describe('a keys file', () => {
  it.each(REFUSED)('with %s is refused in one line that holds nothing of it (R1.7)', (_, content, algorithm) => {
    const why = whyNot(file(content), algorithm);
    expect(why).toMatch(/^JWT_KEYS_FILE: [^\n]+$/);
    // Any piece of a key that is long enough to be one.
    expect(why).not.toMatch(/[A-Za-z0-9_-]{20,}/);
  });

  it.each([
    ['that is not there', join(folder, 'not-there.json')],
    ['that is a folder', folder],
  ])('%s is refused in one line', (_, path) => {
    expect(whyNot(path, 'ES256')).toMatch(/^JWT_KEYS_FILE: [^\n]+$/);
  });

  it('that this user may not read is refused in one line', () => {
    const path = file({ keys: [EC] });
    chmodSync(path, 0);
    const isRoot = process.geteuid!() === 0;
    // Nothing is forbidden to root, so the file is read as another user.
    if (isRoot) process.seteuid!(65_534);
    try {
      expect(whyNot(path, 'ES256')).toBe('JWT_KEYS_FILE: the file cannot be read (EACCES)');
    } finally {
      if (isRoot) process.seteuid!(0);
    }
  });

  it.each<[JwtAlgorithm, JsonWebKey, string[]]>([
    ['ES256', EC, ['crv', 'kty', 'x', 'y']],
    ['RS256', RSA, ['e', 'kty', 'n']],
    ['PS256', RSA, ['e', 'kty', 'n']],
    ['HS256', OCT, ['k', 'kty']],
  ])('with a bare %s key names it by its thumbprint', (algorithm, jwk, members) => {
    // RFC 7638, section 3: the required members in the order of the alphabet, without blanks.
    const required = JSON.stringify(Object.fromEntries(members.map((member) => [member, jwk[member]])));
    const thumbprint = createHash('sha256').update(required).digest('base64url');
    const key = open(file({ keys: [jwk] }), algorithm).signing();
    expect(key).toMatchObject({ kid: thumbprint, alg: algorithm });
  });

  it('signs with the first key and believes the others', () => {
    const keys = open(
      file({
        keys: [
          { ...EC, kid: 'first' },
          { ...OTHER_EC, kid: 'second' },
        ],
      }),
      'ES256',
    );
    expect(keys.signing().kid).toBe('first');
    expect(keys.find('second')).not.toBeNull();
  });
});
