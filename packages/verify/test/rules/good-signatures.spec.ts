import { createPublicKey } from 'node:crypto';
import { readToken } from '../../src/rules/compact-token.js';
import { GoodSignatures } from '../../src/rules/good-signatures.js';
import { type VerificationKey } from '../../src/rules/signature.js';
import { goodClaims, Signer } from '../support/signer.js';

const signer = Signer.make('ES256', 'one');
const publicOf = ({ jwk }: Signer): VerificationKey => ({
  alg: 'ES256',
  key: createPublicKey({ key: jwk, format: 'jwk' }),
});
const text = signer.sign(goodClaims('https://auth.example.com'));
const token = readToken(text)!;

test('nothing is taken over for another key, also of the same name', () => {
  const signatures = new GoodSignatures();
  expect(signatures.hold(text, token, publicOf(signer))).toBe(true);
  expect(signatures.hold(text, token, publicOf(Signer.make('ES256', 'one')))).toBe(false);
});

test('nothing is taken over for another text, and a bad one is bad each time', () => {
  const signatures = new GoodSignatures();
  const key = publicOf(signer);
  expect(signatures.hold(text, token, key)).toBe(true);
  const forged = `${text.slice(0, text.lastIndexOf('.'))}.${'A'.repeat(86)}`;
  for (let i = 0; i < 2; i += 1) expect(signatures.hold(forged, readToken(forged)!, key)).toBe(false);
});

test('the signature is looked at once: what is kept is found by the text (R7.10)', () => {
  const signatures = new GoodSignatures();
  const key = publicOf(signer);
  expect(signatures.hold(text, token, key)).toBe(true);
  // Were it looked at again, this would not hold.
  expect(signatures.hold(text, { ...token, signature: Buffer.alloc(64) }, key)).toBe(true);
});
