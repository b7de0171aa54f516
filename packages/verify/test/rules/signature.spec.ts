import { constants, createSecretKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { readToken } from '../../src/rules/compact-token.js';
import { type Algorithm, signatureHolds, type VerificationKey } from '../../src/rules/signature.js';
import { encode, signature } from '../attacks/forgery.js';

interface Pair {
  readonly verifying: VerificationKey;
  readonly signing: KeyObject;
}

function pairOf(alg: Algorithm): Pair {
  const secret = createSecretKey(randomBytes(32));
  if (alg === 'HS256') return { signing: secret, verifying: { alg, key: secret } };
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { signing: privateKey, verifying: { alg, key: publicKey } };
}

const ALL: readonly Algorithm[] = ['ES256', 'RS256', 'PS256', 'HS256'];
const pairs = new Map(ALL.map((alg) => [alg, pairOf(alg)]));

function tokenOf(alg: string, signAs: string, key: KeyObject, sub = 'ada') {
  const text = `${encode({ alg, typ: 'at+jwt', kid: 'k' })}.${encode({ sub })}`;
  return readToken(`${text}.${encode(signature(signAs, key, text))}`)!;
}

describe.each(ALL)('%s', (alg) => {
  const { signing, verifying } = pairs.get(alg)!;

  test('a signature holds by the key that made it and by no other', () => {
    const token = tokenOf(alg, alg, signing);
    expect(signatureHolds(token, verifying)).toBe(true);
    expect(signatureHolds(token, pairOf(alg).verifying)).toBe(false);
  });

  test('a signature with a bit turned, cut off, made longer or empty does not hold', () => {
    const token = tokenOf(alg, alg, signing);
    const { signature: good } = token;
    const turned = Buffer.from(good);
    turned[turned.length - 1]! ^= 1;
    for (const bad of [turned, good.subarray(1), Buffer.concat([good, Buffer.alloc(1)]), Buffer.alloc(0)]) {
      expect(signatureHolds({ ...token, signature: bad }, verifying)).toBe(false);
    }
  });

  test.each(ALL.filter((other) => other !== alg))(
    'a header that says %s is refused, also over a good signature (R7.1)',
    (other) => {
      expect(signatureHolds(tokenOf(other, alg, signing), verifying)).toBe(false);
    },
  );
});

test('a PS256 signature with a salt of another length than 32 does not hold (RFC 7518 section 3.5)', () => {
  const { signing, verifying } = pairs.get('PS256')!;
  const token = tokenOf('PS256', 'PS256', signing);
  const options = { key: signing, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 };
  expect(
    signatureHolds({ ...token, signature: sign('sha256', Buffer.from(token.signedText), options) }, verifying),
  ).toBe(false);
});

test.each(['RS256', 'PS256'] as const)(
  'a %s signature that begins with a zero does not hold without it (RFC 8017 section 8)',
  (alg) => {
    const { signing, verifying } = pairs.get(alg)!;
    // One of 256 begins with a zero; RS256 signs a text always alike, so the texts differ.
    for (let text = 0; ; text += 1) {
      const token = tokenOf(alg, alg, signing, `ada ${text}`);
      if (token.signature[0] !== 0) continue;
      expect(signatureHolds(token, verifying)).toBe(true);
      expect(signatureHolds({ ...token, signature: token.signature.subarray(1) }, verifying)).toBe(false);
      return;
    }
  },
);

test('a secret is never taken for a public key, nor a public key for a secret (R7.1)', () => {
  const { verifying } = pairs.get('ES256')!;
  const { signing: secret } = pairs.get('HS256')!;
  const hmacked = tokenOf('HS256', 'HS256', secret);
  expect(() => signatureHolds(hmacked, { alg: 'HS256', key: verifying.key })).toThrow();
  expect(() =>
    signatureHolds(tokenOf('ES256', 'ES256', pairs.get('ES256')!.signing), { alg: 'ES256', key: secret }),
  ).toThrow();
});
