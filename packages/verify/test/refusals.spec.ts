import { SENDABLE_ATTACKS } from './attacks/attacks.js';
import { signed, takeApart } from './attacks/forgery.js';
import { FakeBackend } from './support/fake-backend.js';
import { SecondService } from './support/second-service.js';
import { goodClaims, type Json, nowSeconds, Signer } from './support/signer.js';

let backend: FakeBackend;
let service: SecondService;
const rsa = Signer.make('RS256', 'rsa');
const pss = Signer.make('PS256', 'pss');

beforeAll(async () => {
  backend = await FakeBackend.start();
  backend.keySet = { keys: [backend.signer.jwk, rsa.jwk, pss.jwk] };
  service = await SecondService.start(backend);
  await service.healthy();
});
afterAll(async () => {
  await service.close();
  await backend.close();
});

const claims = (changes?: Json) => goodClaims(backend.issuer, changes);
const good = () => backend.signer.sign(claims());
const body = (changes: Json) => backend.signer.sign(claims(changes));
const genuine = () => takeApart(good(), backend.signer.privateKey);

test('accepts what its forger signs when nothing is changed', async () => {
  const { key, header, claims: unchanged } = genuine();
  expect((await service.get('/me', signed(key, header, unchanged))).status).toBe(200);
});

test.each(Object.entries(SENDABLE_ATTACKS))(
  'refuses a token with %s (R7.1, R7.2, R7.3, R7.4, R7.5, R7.6, R7.7)',
  async (_, forge) => {
    const { status, code, headers } = await service.get('/me', forge(genuine()));
    expect([status, code, headers.get('www-authenticate')]).toEqual([
      401,
      'token_invalid',
      'Bearer error="invalid_token"',
    ]);
  },
);

test('refuses a token whose header names the other RSA algorithm than its key’s', async () => {
  expect((await service.get('/me', rsa.sign(claims(), { alg: 'PS256' }))).code).toBe('token_invalid');
  expect((await service.get('/me', pss.sign(claims(), { alg: 'RS256' }))).code).toBe('token_invalid');
});

test('refuses all of them without asking the backend about a single token', async () => {
  for (const forge of Object.values(SENDABLE_ATTACKS)) await service.get('/me', forge(genuine()));
  expect(backend.introspections).toBe(0);
});

test('accepts the same token untouched, with each of the three algorithms and both spellings of typ and aud', async () => {
  const tokens = [
    good(),
    rsa.sign(claims()),
    pss.sign(claims()),
    backend.signer.sign(claims(), { typ: 'application/at+jwt' }),
    body({ aud: ['billing-api', 'orders-api'] }),
    body({ nbf: nowSeconds(), extra: 'ignored' }),
    body({ exp: nowSeconds() + 900 }),
  ];
  for (const token of tokens) expect((await service.get('/me', token)).status).toBe(200);
});

test('tells an expired token from a bad one, so that its holder refreshes', async () => {
  const now = nowSeconds();
  const past = { iat: now - 300, exp: now - 1, auth_time: now - 300 };
  const expired = await service.get('/me', body(past));
  expect([expired.status, expired.code]).toEqual([401, 'token_expired']);
  const forged = Signer.make('ES256', 'first').sign(claims(past));
  expect((await service.get('/me', forged)).code).toBe('token_invalid');
});
