import { createPublicKey } from 'node:crypto';
import { type Forge, type Members, signed, without } from './forgery.js';

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
  'a kid of more than 64 characters': withHeader({ kid: 'k'.repeat(65) }),
  'the name of every object’s member as its kid': withHeader({ kid: '__proto__' }),
  'alg es256 in small letters': withHeader({ alg: 'es256' }),
  'a list of algs': withHeader({ alg: ['ES256'] }),
  'our own key in a jwk header': ({ header, claims, key }) =>
    signed(key, { ...header, jwk: createPublicKey(key).export({ format: 'jwk' }) }, claims),
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
  'a header that is half an object': ({ claims, key }) => signed(key, '{', claims),
};
