import { createHmac, createPublicKey, sign } from 'node:crypto';
import { FakeBackend } from './support/fake-backend.js';
import { SecondService } from './support/second-service.js';
import { type Json, Signer, b64, goodClaims, nowSeconds } from './support/signer.js';

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

const es = () => backend.signer;
const claims = (changes?: Json) => goodClaims(backend.issuer, changes);
const good = () => es().sign(claims());
const header = (changes: Json) => es().sign(claims(), changes);
const body = (changes: Json) => es().sign(claims(changes));
const texts = (headerText: string | null, payload: string | Buffer | null) =>
  es().signTexts(
    headerText ?? JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: es().kid }),
    payload ?? JSON.stringify(claims()),
  );
const json = () => JSON.stringify(claims());
const parts = (token = good()) => token.split('.');

/** What was done to the token, and how: each is refused with `token_invalid`. */
const TAMPERED: [string, () => string][] = [
  ['is empty of parts', () => '..'],
  ['has two parts', () => parts().slice(0, 2).join('.')],
  ['has a fourth part', () => `${good()}.AAAA`],
  ['has five parts, as an encrypted one has', () => `${good()}.AAAA.AAAA`],
  ['has no signature', () => `${parts().slice(0, 2).join('.')}.`],
  [
    'is JSON instead of compact',
    () => JSON.stringify({ payload: parts()[1], protected: parts()[0], signature: parts()[2] }),
  ],
  ['is padded', () => `${good()}==`],
  ['has a blank inside', () => good().replace('.', ' .')],
  [
    'is written in plain base64',
    () =>
      es()
        .sign(claims({ sid: undefined, x: '???>>>' }))
        .replace(/[_-]/g, '/'),
  ],
  ['has its spare bits set', () => withSpareBits(good())],
  ['is longer than 4096 bytes', () => body({ filler: 'x'.repeat(4096) })],
  ['has a changed payload', () => [parts()[0], b64(json()), parts()[2]].join('.')],
  [
    'has a changed header',
    () =>
      [b64(JSON.stringify({ alg: 'ES256', typ: 'application/at+jwt', kid: 'first' })), parts()[1], parts()[2]].join(
        '.',
      ),
  ],
  ['has a changed signature', () => [...parts().slice(0, 2), b64(Buffer.alloc(64, 7))].join('.')],
  ['has a signature of zeros', () => [...parts().slice(0, 2), b64(Buffer.alloc(64))].join('.')],
  ['has a signature one byte longer', () => [...parts().slice(0, 2), b64(Buffer.alloc(65, 1))].join('.')],
  ['has a DER signature', () => derSigned()],
  ['is signed by a stranger under our kid', () => Signer.make('ES256', 'first').sign(claims())],
  ['is signed with HS256 and the public key as the secret', () => hmacSigned()],
  ['says alg none', () => `${b64(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: 'first' }))}.${b64(json())}.AAAA`],
  ['says alg es256 in small letters', () => header({ alg: 'es256' })],
  ['says RS256 for an ES256 key', () => header({ alg: 'RS256' })],
  ['says PS256 for an RS256 key', () => rsa.sign(claims(), { alg: 'PS256' })],
  ['says RS256 for a PS256 key', () => pss.sign(claims(), { alg: 'RS256' })],
  ['says ES384', () => header({ alg: 'ES384' })],
  ['has no alg', () => header({ alg: undefined })],
  ['has typ JWT', () => header({ typ: 'JWT' })],
  ['has no typ', () => header({ typ: undefined })],
  ['has no kid', () => header({ kid: undefined })],
  ['has a kid that is a path', () => header({ kid: '../first' })],
  ['has a kid that is a number', () => header({ kid: 1 })],
  ['has a kid longer than 64 characters', () => header({ kid: 'k'.repeat(65) })],
  ['has a kid that nobody has', () => header({ kid: 'nobody' })],
  ['brings its own key (jwk)', () => header({ jwk: es().jwk })],
  ['brings the address of a key (jku)', () => header({ jku: 'https://evil.example/jwks.json' })],
  ['brings a certificate (x5c)', () => header({ x5c: [] })],
  ['has a critical extension (crit)', () => header({ crit: ['b64'] })],
  ['is compressed (zip)', () => header({ zip: 'DEF' })],
  ['is nested (cty)', () => header({ cty: 'JWT' })],
  ['has alg given twice', () => texts('{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"first"}', null)],
  ['has a header that is a list', () => texts('[]', null)],
  ['has a header that is not JSON', () => texts('{', null)],
  ['has a claim given twice', () => texts(null, json().replace('{', '{"sub":"x",'))],
  ['has a blank in its claims', () => texts(null, ` ${json()}`)],
  ['has a byte order mark', () => texts(null, `\ufeff${json()}`)],
  ['has bytes that are not UTF-8', () => texts(null, Buffer.from(json().replace('sallyport', 'sallyp\xff'), 'latin1'))],
  ['has claims that are a text', () => texts(null, '"claims"')],
  ['is from another issuer', () => body({ iss: 'https://evil.example' })],
  ['is from the issuer with a slash', () => body({ iss: `${backend.issuer}/` })],
  ['has no iss', () => body({ iss: undefined })],
  ['is for another audience', () => body({ aud: 'billing-api' })],
  ['is for an audience that only begins like ours', () => body({ aud: 'orders-api-2' })],
  ['has our audience one list too deep', () => body({ aud: [['orders-api']] })],
  ['has no aud', () => body({ aud: undefined })],
  ['has no exp', () => body({ exp: undefined })],
  ['has an exp of 1e400', () => texts(null, json().replace(/"exp":\d+/, '"exp":1e400'))],
  ['has a fractional exp', () => body({ exp: nowSeconds() + 60.5 })],
  ['has an exp in a text', () => body({ exp: String(nowSeconds() + 60) })],
  ['lives for 901 seconds', () => body({ exp: nowSeconds() + 901 })],
  ['has no iat', () => body({ iat: undefined })],
  ['was issued in ten seconds from now', () => body({ iat: nowSeconds() + 10 })],
  ['ends before it begins', () => body({ exp: nowSeconds() - 1 })],
  ['is not yet to be used (nbf)', () => body({ nbf: nowSeconds() + 60 })],
  ['has a sub that is no UUID', () => body({ sub: 'admin' })],
  ['has a sub that is an object', () => body({ sub: { id: 1 } })],
  ['has no sid', () => body({ sid: undefined })],
  ['has a sid that is no UUID', () => body({ sid: '*' })],
  ['has no jti', () => body({ jti: undefined })],
  ['has a short jti', () => body({ jti: '1' })],
  ['has no client_id', () => body({ client_id: undefined })],
  ['has no auth_time', () => body({ auth_time: undefined })],
  ['has an auth_time to come', () => body({ auth_time: nowSeconds() + 60 })],
  ['has roles in a text', () => body({ roles: 'admin' })],
  ['has a role that is no text', () => body({ roles: [{ admin: true }] })],
  ['is a refresh token', () => `ref_${'A'.repeat(43)}`],
  ['is an opaque token one character short', () => `ses_${'A'.repeat(42)}`],
  ['is an opaque token one character long', () => `ses_${'A'.repeat(44)}`],
  ['is two tokens in one header', () => `${good()}, Bearer ${good()}`],
  ['is two tokens with a blank between', () => `${good()} ${good()}`],
];

test.each(TAMPERED)('refuses a token that %s', async (_, make) => {
  const { status, code, headers } = await service.get('/me', make());
  expect([status, code, headers.get('www-authenticate')]).toEqual([
    401,
    'token_invalid',
    'Bearer error="invalid_token"',
  ]);
});

test('refuses all of them without asking the backend about a single token', async () => {
  for (const [, make] of TAMPERED) await service.get('/me', make());
  expect(backend.introspections).toBe(0);
});

test('accepts the same token untouched, with each of the three algorithms and both spellings of typ and aud', async () => {
  const tokens = [
    good(),
    rsa.sign(claims()),
    pss.sign(claims()),
    header({ typ: 'application/at+jwt' }),
    body({ aud: ['billing-api', 'orders-api'] }),
    body({ nbf: nowSeconds(), extra: 'ignored' }),
    body({ exp: nowSeconds() + 900 }),
  ];
  for (const token of tokens) expect((await service.get('/me', token)).status).toBe(200);
});

test('tells an expired token from a bad one, so that its holder refreshes; five seconds of clock difference are forgiven', async () => {
  const now = nowSeconds();
  expect((await service.get('/me', body({ iat: now - 300, exp: now - 3, auth_time: now - 300 }))).status).toBe(200);
  const expired = await service.get('/me', body({ iat: now - 300, exp: now - 6, auth_time: now - 300 }));
  expect([expired.status, expired.code]).toEqual([401, 'token_expired']);
  const forged = Signer.make('ES256', 'first').sign(claims({ iat: now - 300, exp: now - 60, auth_time: now - 300 }));
  expect((await service.get('/me', forged)).code).toBe('token_invalid');
});

/** Changes bits of the last character that no byte uses: the same bytes in another spelling. */
function withSpareBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1) as string) + 1];
}

function derSigned(): string {
  const text = parts().slice(0, 2).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), es().privateKey).toString('base64url')}`;
}

function hmacSigned(): string {
  const text = `${b64(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid: 'first' }))}.${b64(json())}`;
  const secret = createPublicKey(es().privateKey).export({ type: 'spki', format: 'pem' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
