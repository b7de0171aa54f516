import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { encode, type Genuine, type Members, signature, signed, strangersKey, without } from './forgery.js';

type Forge = (genuine: Genuine) => string;

const HOUR = 3600;
const now = (): number => Math.floor(Date.now() / 1000);
const rebuilt = ([header, payload, signed]: readonly string[]): string => `${header}.${payload}.${signed}`;

const hmac = (secret: string | Buffer, { header, parts }: Genuine): string => {
  const input = `${encode({ ...header, alg: 'HS256' })}.${parts[1]}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};

/** A P1363 signature as the DER that other formats use. */
const der = (raw: Buffer): Buffer => {
  const integer = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([2, bytes.length + 1, 0]), bytes]);
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
};

const withSignature = ({ parts: [header, payload, old] }: Genuine, change: (raw: Buffer) => Buffer): string =>
  rebuilt([header, payload, change(Buffer.from(old, 'base64url')).toString('base64url')]);

/** Its signature is not one of ours over this text: any verifier must refuse it. */
export const UNSIGNED: Record<string, Forge> = {
  'alg none and no signature': ({ header, parts }) => `${encode({ ...header, alg: 'none' })}.${parts[1]}.`,
  'alg none and the old signature': ({ header, parts }) =>
    rebuilt([encode({ ...header, alg: 'none' }), parts[1], parts[2]]),
  'alg NoNe': ({ header, parts }) => `${encode({ ...header, alg: 'NoNe' })}.${parts[1]}.AA`,
  'HS256 with our public key as its secret, as PEM': (genuine) =>
    hmac(createPublicKey(genuine.key).export({ type: 'spki', format: 'pem' }), genuine),
  'HS256 with our public key as its secret, as DER': (genuine) =>
    hmac(createPublicKey(genuine.key).export({ type: 'spki', format: 'der' }), genuine),
  'HS256 with our public key as its secret, as JWK': (genuine) =>
    hmac(JSON.stringify(createPublicKey(genuine.key).export({ format: 'jwk' })), genuine),
  'HS256 with an empty secret': (genuine) => hmac('', genuine),
  'RS256 by a stranger under our kid': ({ header, parts }) => {
    const input = `${encode({ ...header, alg: 'RS256' })}.${parts[1]}`;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
  },
  'ES384 in the header': ({ header, claims, key }) => signed(key, { ...header, alg: 'ES384' }, claims),
  'no alg': ({ header, claims, key }) => signed(key, without(header, 'alg'), claims),
  'the signature of a stranger’s key': ({ header, claims }) => signed(strangersKey(), header, claims),
  'a stranger’s key in a jwk header': ({ header, claims }) => {
    const key = strangersKey();
    return signed(key, { ...header, jwk: createPublicKey(key).export({ format: 'jwk' }) }, claims);
  },
  'a kid that nobody has': ({ header, claims }) => signed(strangersKey(), { ...header, kid: 'nobody' }, claims),
  'another payload under the old signature': ({ parts, claims }) =>
    rebuilt([parts[0], encode({ ...claims, roles: ['admin'] }), parts[2]]),
  'another header under the old signature': ({ parts, header }) =>
    rebuilt([encode({ ...header, typ: 'application/at+jwt' }), parts[1], parts[2]]),
  'a signature with one bit turned': (genuine) =>
    withSignature(genuine, (raw) => Buffer.concat([raw.subarray(0, 63), Buffer.from([raw[63]! ^ 1])])),
  'a truncated signature': (genuine) => withSignature(genuine, (raw) => raw.subarray(0, 63)),
  'half a signature': (genuine) => withSignature(genuine, (raw) => raw.subarray(0, 32)),
  'a signature that is too long': (genuine) => withSignature(genuine, (raw) => Buffer.concat([raw, Buffer.alloc(1)])),
  'a signature of zeros': (genuine) => withSignature(genuine, () => Buffer.alloc(64)),
  'a DER signature': (genuine) => withSignature(genuine, der),
  'an empty signature': ({ parts }) => `${parts[0]}.${parts[1]}.`,
  'an empty payload': ({ parts }) => `${parts[0]}..${parts[2]}`,
  'an empty header': ({ parts }) => `.${parts[1]}.${parts[2]}`,
  'two parts': ({ parts }) => `${parts[0]}.${parts[1]}`,
  'four parts': ({ token, parts }) => `${token}.${parts[2]}`,
  'the five parts of a JWE': ({ header, parts }) =>
    `${encode({ ...header, alg: 'dir', enc: 'A128GCM' })}..${parts[0]}.${parts[1]}.${parts[2]}`,
  'the JSON spelling of a JWS': ({ parts }) =>
    JSON.stringify({ protected: parts[0], payload: parts[1], signature: parts[2] }),
};

/** A genuine token in another spelling: some verifiers take it, and then one token has two texts. */
export const RESPELLED: Record<string, Forge> = {
  'padding behind its signature': ({ token }) => `${token}==`,
  'padding inside': ({ parts }) => rebuilt([`${parts[0]}=`, parts[1], parts[2]]),
  'a space inside its signature': ({ token }) => `${token.slice(0, -10)} ${token.slice(-10)}`,
  'a line break inside its signature': ({ token }) => `${token.slice(0, -10)}\n${token.slice(-10)}`,
  'a line break behind it': ({ token }) => `${token}\n`,
  'a signature with unused bits that are not zero': ({ token }) =>
    token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1),
  'the other base64 alphabet': ({ token }) => `${token.slice(0, -10)}+/${token.slice(-8)}`,
  'blanks in its header’s JSON': ({ header, claims, key }) => signed(key, JSON.stringify(header, null, 1), claims),
  'blanks in its claims’ JSON': ({ header, claims, key }) => signed(key, header, JSON.stringify(claims, null, 1)),
  'a byte order mark before its claims': ({ header, claims, key }) =>
    signed(key, header, `\uFEFF${JSON.stringify(claims)}`),
};

const withHeader =
  (change: Members): Forge =>
  ({ header, claims, key }) =>
    signed(key, { ...header, ...change }, claims);

/** Signed with our own key, and with a header of which we sign none. */
export const STRANGE_HEADERS: Record<string, Forge> = {
  'typ JWT': withHeader({ typ: 'JWT' }),
  'typ at+JWT of another case': withHeader({ typ: 'AT+JWT' }),
  'typ logout+jwt': withHeader({ typ: 'logout+jwt' }),
  'a typ that is a list': withHeader({ typ: ['at+jwt'] }),
  'no typ': ({ header, claims, key }) => signed(key, without(header, 'typ'), claims),
  'no kid': ({ header, claims, key }) => signed(key, without(header, 'kid'), claims),
  'an empty kid': withHeader({ kid: '' }),
  'a kid that is a number': withHeader({ kid: 1 }),
  'a kid that is a path': withHeader({ kid: '../../../../dev/null' }),
  'a kid that is SQL': withHeader({ kid: "' OR 1=1 --" }),
  'the name of every object’s member as its kid': withHeader({ kid: '__proto__' }),
  'alg es256 in small letters': withHeader({ alg: 'es256' }),
  'a list of algs': withHeader({ alg: ['ES256'] }),
  'a jku header': withHeader({ jku: 'https://example.com/jwks.json' }),
  'an x5u header': withHeader({ x5u: 'https://example.com/cert.pem' }),
  'an x5c header': withHeader({ x5c: ['MIIB'] }),
  'an x5t header': withHeader({ x5t: 'AAAA' }),
  'a crit header': withHeader({ crit: ['exp'], exp: 1 }),
  'a b64 header': withHeader({ b64: true }),
  'a zip header': withHeader({ zip: 'DEF' }),
  'an enc header': withHeader({ enc: 'A128GCM' }),
  'a cty header, of a token in a token': withHeader({ cty: 'JWT' }),
  'a member of its own in the header': withHeader({ hello: 'world' }),
  'a header with alg twice': ({ header, claims, key }) =>
    signed(key, `{"alg":"none",${JSON.stringify(header).slice(1)}`, claims),
  'a header that is a list': ({ header, claims, key }) => signed(key, [header], claims),
  'a header that is no JSON': ({ claims, key }) => signed(key, 'header', claims),
};

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
  'an nbf in the future': withClaims(() => ({ nbf: now() + HOUR })),
  'an nbf that is a string': withClaims(() => ({ nbf: '0' })),
  'no iss': lacking('iss'),
  'another iss': withClaims(({ iss }) => ({ iss: `${String(iss)}/` })),
  'a list of iss': withClaims(({ iss }) => ({ iss: [iss] })),
  'no aud': lacking('aud'),
  'another aud': withClaims(() => ({ aud: 'someone-else' })),
  'an aud in a list in a list': withClaims(({ aud }) => ({ aud: [[aud]] })),
  'an aud that is an object': withClaims(({ aud }) => ({ aud: { 0: aud } })),
  'no sub': lacking('sub'),
  'a sub that is no UUID': withClaims(() => ({ sub: 'ada' })),
  'a sub that is an object': withClaims(({ sub }) => ({ sub: { sub } })),
  'no sid': lacking('sid'),
  'a sid that is no UUID': withClaims(() => ({ sid: '1' })),
  'no jti': lacking('jti'),
  'a jti of too few bits': withClaims(() => ({ jti: 'short' })),
  'no client_id': lacking('client_id'),
  'no auth_time': lacking('auth_time'),
  'no roles': lacking('roles'),
  'roles that are no list': withClaims(() => ({ roles: 'admin' })),
  'roles that are numbers': withClaims(() => ({ roles: [1] })),
  'a claim twice': withText((json) => `{"sub":"01234567-89ab-7def-8123-456789abcdef",${json.slice(1)}`),
  'claims that are a list': ({ header, claims, key }) => signed(key, header, [claims]),
  'claims that are a string': ({ header, key }) => signed(key, header, '"claims"'),
  'claims that are no JSON': ({ header, key }) => signed(key, header, 'claims'),
  'claims of more than 4096 bytes': withClaims(() => ({ roles: ['x'.repeat(4096)] })),
  'a token in a token': ({ header, token, key }) => {
    const input = `${encode(header)}.${encode(token)}`;
    return `${input}.${signature(key, input)}`;
  },
};
