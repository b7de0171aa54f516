import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { ATTACKS, SENDABLE_ATTACKS } from '../../packages/verify/test/attacks/attacks.js';
import { type Genuine, signed, takeApart } from '../../packages/verify/test/attacks/forgery.js';
import { AccessTokens } from '../../src/auth/access-tokens.js';
import type { JwtAlgorithm } from '../../src/keys/keys.options.js';
import { Client, type Reply } from '../support/client.js';
import { startApp, type TestApp } from '../support/test-app.js';

/** What a good library takes that is told all it can be told: other spellings of a token, and what is said beyond the registered claims. */
const ONLY_OURS: readonly string[] = [
  'padding behind its signature',
  'a space inside its signature',
  'a line break inside its signature',
  'a line break behind it',
  'a signature with unused bits that are not zero',
  'blanks in its header’s JSON',
  'blanks in its claims’ JSON',
  'a byte order mark before its claims',
  'typ at+JWT of another case',
  'no kid',
  'our own key in a jwk header',
  'a jku header',
  'an x5u header',
  'an x5c header',
  'an x5t header',
  'a b64 header',
  'a zip header',
  'an enc header',
  'a cty header, of a token in a token',
  'a member of its own in the header',
  'a header with alg twice',
  'an exp beyond all numbers',
  'a fraction of an exp',
  'an exp in exponents',
  'a life of more than a quarter of an hour',
  'an iat in the future',
  'an iat ten seconds from now',
  'a sub that is no UUID',
  'a sub in capital letters',
  'a sub that is the nil UUID',
  'a sub that is an object',
  'a sid that is no UUID',
  'a sid in capital letters',
  'a jti of too few bits',
  'a jti of more than 64 characters',
  'a jti that is not base64url',
  'an empty client_id',
  'an auth_time to come',
  'an auth_time that is a date',
  'an empty acr',
  'an acr that is a number',
  'an amr that is no list',
  'an amr of numbers',
  'roles that are no list',
  'roles that are numbers',
  'roles that are objects',
  'an ext that is null',
  'an ext that is a list',
  'an ext that is a string',
  'an object in its ext',
  'nothing under a name of its ext',
  'a list of numbers in its ext',
  'a list in a list in its ext',
  'an ext of more than 1024 bytes',
  'a name that no claim has in its ext',
  'an ext that would be its own prototype',
  'half a character in its ext',
  'a claim twice',
  'claims of more than 4096 bytes',
];

const CLAIMS = ['sub', 'sid', 'jti', 'iat', 'exp', 'client_id', 'auth_time', 'acr', 'amr', 'roles'];

let app: TestApp;
let genuine: Genuine;

beforeAll(async () => {
  app = await startApp({ AUTH_MODE: 'jwt' });
  const { held } = await new Client(app.url).join();
  genuine = takeApart(held.accessToken!, createPrivateKey({ key: signingKeyOf(app), format: 'jwk' }));
});
afterAll(() => app.close());

/** As the keys file has it: what a forger could wish for. */
const signingKeyOf = ({ config }: TestApp): JsonWebKey & { kid: string } => {
  const { keys } = JSON.parse(readFileSync(config.keys.file, 'utf8')) as { keys: [JsonWebKey & { kid: string }] };
  return keys[0];
};

/** What another team would write: jose, our key set's address, and what the documentation says. */
const verifierOf = ({ url, config }: TestApp, algorithm: JwtAlgorithm = 'ES256') => {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', url));
  const { issuer, audience } = config.jwt;
  const expected = { issuer, audience, typ: 'at+jwt', algorithms: [algorithm], requiredClaims: CLAIMS };
  return (token: string) => jwtVerify(token, keys, expected);
};

const me = (token: string, { url } = app): Promise<Reply> =>
  new Client(url).send('GET', '/auth/me', { headers: { authorization: `Bearer ${token}` } });

describe('an independent verifier', () => {
  it('accepts our token by the published keys alone', async () => {
    const { payload, protectedHeader } = await verifierOf(app)(genuine.token);
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: signingKeyOf(app).kid });
    expect(Object.keys(payload).sort()).toEqual(['iss', 'aud', ...CLAIMS].sort());
  });

  it.each(Object.entries(ATTACKS).filter(([what]) => !ONLY_OURS.includes(what)))(
    'refuses a token with %s',
    async (_, forge) => {
      await expect(verifierOf(app)(forge(genuine))).rejects.toThrow();
    },
  );

  it.each(ONLY_OURS)('takes a token with %s, which ours refuses', async (what) => {
    await expect(verifierOf(app)(ATTACKS[what]!(genuine))).resolves.toBeDefined();
  });

  it('may keep the key set for as long as a new key waits at least', async () => {
    const { headers } = await new Client(app.url).send('GET', '/.well-known/jwks.json');
    expect(headers.get('cache-control')).toBe('public, max-age=300');
  });
});

describe('our own verifier', () => {
  it('accepts what its forger signs when nothing is changed', async () => {
    expect((await me(signed(genuine.key, genuine.header, genuine.claims))).status).toBe(200);
    expect(
      (await me(signed(genuine.key, { ...genuine.header, typ: 'application/at+jwt' }, genuine.claims))).status,
    ).toBe(200);
    expect(
      (await me(signed(genuine.key, genuine.header, { ...genuine.claims, aud: ['other', genuine.claims.aud] }))).status,
    ).toBe(200);
  });

  it.each(Object.entries(ATTACKS))('reads nothing from a token with %s', (_, forge) => {
    const token = forge(genuine);
    expect(token).not.toBe(genuine.token);
    expect(app.nest.get(AccessTokens, { strict: false }).read(token)).toBeNull();
  });

  it.each(Object.entries(SENDABLE_ATTACKS))(
    'refuses a request with a token with %s (R7.1, R7.2, R7.3, R7.4, R7.5, R7.6, R7.7)',
    async (_, forge) => {
      expect((await me(forge(genuine))).code).toBe('token_invalid');
    },
  );

  it('believes another signature of ours over the same claims, and a changed one not after that either', async () => {
    const token = signed(genuine.key, genuine.header, genuine.claims);
    // ECDSA signs differently each time, and both are good.
    expect(token).not.toBe(genuine.token);
    for (let request = 0; request < 3; request += 1) expect((await me(token)).status).toBe(200);
    expect((await me(`${token.slice(0, -8)}AAAAAAAA`)).code).toBe('token_invalid');
  });

  it('refuses every signature over the claims of a session that has ended: what is remembered is its id (R7.9)', async () => {
    const ada = await new Client(app.url).join();
    const { key, header, claims } = takeApart(ada.held.accessToken!, genuine.key);
    /** What the guard alone says: where the session is read, the store would refuse it. */
    const standing = (token: string): Promise<string> => {
      const bearer = new Client(app.url);
      bearer.held = { accessToken: token, cookies: {} };
      return bearer.standing();
    };
    const twin = signed(key, header, claims);
    expect(await standing(twin)).toBe('let in');
    await ada.logout();
    expect(await standing(twin)).toBe('session_revoked');
    expect(await standing(signed(key, header, claims))).toBe('session_revoked');
  });

  it('says of a token that has run out that it has, from the very second of its exp (R7.6)', async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = signed(genuine.key, genuine.header, { ...genuine.claims, iat: now - 300, exp: now });
    expect((await me(token)).code).toBe('token_expired');
  });
});

describe.each(['ES256', 'RS256', 'PS256', 'HS256'] as const)('with %s', (algorithm) => {
  let other: TestApp;
  beforeAll(async () => {
    other = await startApp({ AUTH_MODE: 'jwt', JWT_ALGORITHM: algorithm });
  });
  afterAll(() => other.close());

  it('a user logs in, is known by the token and refreshes it', async () => {
    const ada = await new Client(other.url).join();
    expect((await ada.me()).status).toBe(200);
    expect((await ada.refresh()).status).toBe(200);
    expect((await ada.me()).status).toBe(200);
  });

  it('publishes public members only, and nothing of a shared secret', async () => {
    const { body } = await new Client(other.url).send('GET', '/.well-known/jwks.json');
    const keys = body.keys as Record<string, string>[];
    const members = { ES256: ['crv', 'x', 'y'], RS256: ['n', 'e'], PS256: ['n', 'e'] };
    if (algorithm === 'HS256') expect(keys).toEqual([]);
    else
      expect(keys.map((key) => Object.keys(key).sort())).toEqual([
        ['kty', 'kid', 'alg', 'use', ...members[algorithm]].sort(),
      ]);
  });

  it('another verifier accepts its tokens, unless it would have to know the secret', async () => {
    const { held } = await new Client(other.url).join();
    const verified = verifierOf(other, algorithm)(held.accessToken!);
    if (algorithm === 'HS256') await expect(verified).rejects.toThrow();
    else expect((await verified).protectedHeader.alg).toBe(algorithm);
  });
});
