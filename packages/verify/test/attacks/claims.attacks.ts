import { type Forge, type Members, signed, without } from './forgery.js';

const HOUR = 3600;
const now = (): number => Math.floor(Date.now() / 1000);

const withClaims =
  (change: (claims: Members) => Members): Forge =>
  ({ header, claims, key }) =>
    signed(key, header, { ...claims, ...change(claims) });

const lacking =
  (name: string): Forge =>
  ({ header, claims, key }) =>
    signed(key, header, without(claims, name));

/** Spelled as no JSON library would spell it. */
const withText =
  (change: (json: string) => string): Forge =>
  ({ header, claims, key }) =>
    signed(key, header, change(JSON.stringify(claims)));

/** Signed with our own key, and with claims that we never sign. */
export const STRANGE_CLAIMS: Record<string, Forge> = {
  'no exp': lacking('exp'),
  'an exp beyond all numbers': withText((json) => json.replace(/"exp":\d+/, '"exp":1e400')),
  'a fraction of an exp': withClaims(({ exp }) => ({ exp: Number(exp) + 0.5 })),
  'an exp that is a string': withClaims(({ exp }) => ({ exp: String(exp) })),
  'an exp that is null': withClaims(() => ({ exp: null })),
  'a negative exp': withClaims(() => ({ exp: -1 })),
  'an exp in exponents': withText((json) => json.replace(/"exp":\d+/, '"exp":9e9')),
  'a life of more than a quarter of an hour': withClaims(({ iat }) => ({ exp: Number(iat) + 901 })),
  'an exp before its iat': withClaims(({ iat }) => ({ exp: Number(iat) - 1 })),
  'no iat': lacking('iat'),
  'an iat in the future': withClaims(() => ({ iat: now() + HOUR, exp: now() + HOUR + 300 })),
  'an iat ten seconds from now': withClaims(() => ({ iat: now() + 10, exp: now() + 310 })),
  'an nbf in the future': withClaims(() => ({ nbf: now() + HOUR })),
  'an nbf that is a string': withClaims(() => ({ nbf: '0' })),
  'no iss': lacking('iss'),
  'another iss': withClaims(({ iss }) => ({ iss: `${String(iss)}/` })),
  'a list of iss': withClaims(({ iss }) => ({ iss: [iss] })),
  'no aud': lacking('aud'),
  'another aud': withClaims(() => ({ aud: 'someone-else' })),
  'an aud that only begins like ours': withClaims(({ aud }) => ({ aud: `${String(aud)}-2` })),
  'an aud in a list in a list': withClaims(({ aud }) => ({ aud: [[aud]] })),
  'an aud that is an object': withClaims(({ aud }) => ({ aud: { 0: aud } })),
  'no sub': lacking('sub'),
  'a sub that is no UUID': withClaims(() => ({ sub: 'ada' })),
  'a sub in capital letters': withClaims(({ sub }) => ({ sub: String(sub).toUpperCase() })),
  'a sub that is the nil UUID': withClaims(() => ({ sub: '00000000-0000-0000-0000-000000000000' })),
  'a sub that is an object': withClaims(({ sub }) => ({ sub: { sub } })),
  'no sid': lacking('sid'),
  'a sid that is no UUID': withClaims(() => ({ sid: '1' })),
  'a sid in capital letters': withClaims(({ sid }) => ({ sid: String(sid).toUpperCase() })),
  'no jti': lacking('jti'),
  'a jti of too few bits': withClaims(() => ({ jti: 'short' })),
  'a jti of more than 64 characters': withClaims(() => ({ jti: 'j'.repeat(65) })),
  'a jti that is not base64url': withClaims(() => ({ jti: ' '.repeat(22) })),
  'no client_id': lacking('client_id'),
  'an empty client_id': withClaims(() => ({ client_id: '' })),
  'no auth_time': lacking('auth_time'),
  'an auth_time to come': withClaims(() => ({ auth_time: now() + 60 })),
  'an auth_time that is a date': withClaims(() => ({ auth_time: new Date().toISOString() })),
  'no acr': lacking('acr'),
  'an empty acr': withClaims(() => ({ acr: '' })),
  'an acr that is a number': withClaims(() => ({ acr: 1 })),
  'no amr': lacking('amr'),
  'an amr that is no list': withClaims(() => ({ amr: 'pwd' })),
  'an amr of numbers': withClaims(() => ({ amr: [1] })),
  'no roles': lacking('roles'),
  'roles that are no list': withClaims(() => ({ roles: 'admin' })),
  'roles that are numbers': withClaims(() => ({ roles: [1] })),
  'roles that are objects': withClaims(() => ({ roles: [{ admin: true }] })),
  'an ext that is null': withClaims(() => ({ ext: null })),
  'an ext that is a list': withClaims(() => ({ ext: ['acme'] })),
  'an ext that is a string': withClaims(() => ({ ext: 'acme' })),
  'an object in its ext': withClaims(() => ({ ext: { tenant: { id: 'acme' } } })),
  'nothing under a name of its ext': withClaims(() => ({ ext: { tenant: null } })),
  'a list of numbers in its ext': withClaims(() => ({ ext: { tenants: [1] } })),
  'a list in a list in its ext': withClaims(() => ({ ext: { tenants: [['acme']] } })),
  'an ext of more than 1024 bytes': withClaims(() => ({ ext: { tenant: 'é'.repeat(512) } })),
  'a name that no claim has in its ext': withClaims(() => ({ ext: { 'tenant id': 'acme' } })),
  'an ext that would be its own prototype': withClaims(() => ({ ext: { ['__proto__']: ['acme'] } })),
  'half a character in its ext': withClaims(() => ({ ext: { tenant: '\ud83d' } })),
  'a claim twice': withText((json) => `{"sub":"01234567-89ab-7def-8123-456789abcdef",${json.slice(1)}`),
  'claims that are a list': ({ header, claims, key }) => signed(key, header, [claims]),
  'claims that are a string': ({ header, key }) => signed(key, header, '"claims"'),
  'claims that are no JSON': ({ header, key }) => signed(key, header, 'claims'),
  'claims of more than 4096 bytes': withClaims(() => ({ roles: ['x'.repeat(4096)] })),
  'a token in a token': ({ header, token, key }) => signed(key, header, token),
};
