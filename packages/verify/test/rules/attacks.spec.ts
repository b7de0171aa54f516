import { createPublicKey } from 'node:crypto';
import { type AccessTokenClaims, hasExpired, readClaims } from '../../src/rules/access-token.js';
import { readToken } from '../../src/rules/compact-token.js';
import { signatureHolds } from '../../src/rules/signature.js';
import { ATTACKS } from '../attacks/attacks.js';
import { type Members, signed, takeApart } from '../attacks/forgery.js';
import { goodClaims, ISSUED_FOR, nowSeconds, Signer } from '../support/signer.js';

const expected = { issuer: 'https://auth.example.com', audience: ISSUED_FOR };
const signer = Signer.make('ES256', 'first');
const genuine = takeApart(signer.sign(goodClaims(expected.issuer)), signer.privateKey);
const publicKey = createPublicKey(signer.privateKey);

/** As a program does that has one key. */
function read(text: string, now = nowSeconds()): AccessTokenClaims | null {
  const token = readToken(text);
  if (token?.kid !== 'first' || !signatureHolds(token, { alg: 'ES256', key: publicKey })) return null;
  return readClaims(token, expected, now);
}

const withClaims = (changes: Members): string => signed(genuine.key, genuine.header, { ...genuine.claims, ...changes });

test('a genuine token is read', () => {
  const { sub, sid, roles, auth_time: authTime, acr, amr, iat, exp } = genuine.claims;
  expect(read(genuine.token)).toEqual({ sub, sid, roles, authTime, acr, amr, claims: {}, iat, exp });
});

test.each(Object.entries(ATTACKS))(
  'nothing is read from a token with %s (R7.1, R7.2, R7.3, R7.4, R7.5, R7.6, R7.7)',
  (_, forge) => {
    const token = forge(genuine);
    expect(token).not.toBe(genuine.token);
    expect(read(token)).toBeNull();
  },
);

test('a token is over at its exp, to the second (R7.6)', () => {
  const claims = read(genuine.token)!;
  expect([claims.exp - 1, claims.exp - 0.001, claims.exp].map((now) => hasExpired(claims, now))).toEqual([
    false,
    false,
    true,
  ]);
});

test('a signer whose clock is five seconds ahead is believed, and not six', () => {
  const now = nowSeconds();
  for (const claim of ['iat', 'auth_time', 'nbf']) {
    expect(read(withClaims({ exp: now + 300, [claim]: now + 5 }), now)).not.toBeNull();
    expect(read(withClaims({ exp: now + 300, [claim]: now + 6 }), now)).toBeNull();
  }
});

test('a life of fifteen minutes is the longest', () => {
  const now = nowSeconds();
  expect(read(withClaims({ iat: now, exp: now + 900 }), now)).not.toBeNull();
  expect(read(withClaims({ iat: now, exp: now + 901 }), now)).toBeNull();
});
