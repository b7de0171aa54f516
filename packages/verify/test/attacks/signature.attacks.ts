import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { encode, type Forge, type Genuine, signed, strangersKey, without } from './forgery.js';

const rebuilt = (...parts: readonly string[]): string => parts.join('.');

const hmac = (secret: string | Buffer, { header, parts }: Genuine): string => {
  const text = `${encode({ ...header, alg: 'HS256' })}.${parts[1]}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

/** A P1363 signature as the DER that other formats use. */
const der = (raw: Buffer): Buffer => {
  const integer = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([2, bytes.length + 1, 0]), bytes]);
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
};

const withSignature = ({ parts: [header, payload, old] }: Genuine, change: (raw: Buffer) => Buffer): string =>
  rebuilt(header, payload, encode(change(Buffer.from(old, 'base64url'))));

/** Its signature is not one of ours over this text, or it is no JWT: any verifier must refuse it. */
export const UNSIGNED: Record<string, Forge> = {
  'alg none and no signature': ({ header, parts }) => rebuilt(encode({ ...header, alg: 'none' }), parts[1], ''),
  'alg none and the old signature': ({ header, parts }) =>
    rebuilt(encode({ ...header, alg: 'none' }), parts[1], parts[2]),
  'alg NoNe': ({ header, parts }) => rebuilt(encode({ ...header, alg: 'NoNe' }), parts[1], 'AA'),
  'HS256 with our public key as its secret, as PEM': (genuine) =>
    hmac(createPublicKey(genuine.key).export({ type: 'spki', format: 'pem' }), genuine),
  'HS256 with our public key as its secret, as DER': (genuine) =>
    hmac(createPublicKey(genuine.key).export({ type: 'spki', format: 'der' }), genuine),
  'HS256 with our public key as its secret, as JWK': (genuine) =>
    hmac(JSON.stringify(createPublicKey(genuine.key).export({ format: 'jwk' })), genuine),
  'HS256 with an empty secret': (genuine) => hmac('', genuine),
  'RS256 by a stranger under our kid': ({ header, parts }) => {
    const text = `${encode({ ...header, alg: 'RS256' })}.${parts[1]}`;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return `${text}.${encode(sign('sha256', Buffer.from(text), privateKey))}`;
  },
  'RS256 in the header over a signature of ES256': ({ header, claims, key }) =>
    signed(key, { ...header, alg: 'RS256' }, claims),
  'ES384 in the header': ({ header, claims, key }) => signed(key, { ...header, alg: 'ES384' }, claims),
  'no alg': ({ header, claims, key }) => signed(key, without(header, 'alg'), claims),
  'the signature of a stranger’s key': ({ header, claims }) => signed(strangersKey(), header, claims),
  'a stranger’s key in a jwk header': ({ header, claims }) => {
    const key = strangersKey();
    return signed(key, { ...header, jwk: createPublicKey(key).export({ format: 'jwk' }) }, claims);
  },
  'a kid that nobody has': ({ header, claims, key }) => signed(key, { ...header, kid: 'nobody' }, claims),
  'another payload under the old signature': ({ parts, claims }) =>
    rebuilt(parts[0], encode({ ...claims, roles: ['admin'] }), parts[2]),
  'another header under the old signature': ({ parts, header }) =>
    rebuilt(encode({ ...header, typ: 'application/at+jwt' }), parts[1], parts[2]),
  'a signature with one bit turned': (genuine) =>
    withSignature(genuine, (raw) => Buffer.concat([raw.subarray(0, 63), Buffer.from([raw[63]! ^ 1])])),
  'a truncated signature': (genuine) => withSignature(genuine, (raw) => raw.subarray(0, 63)),
  'half a signature': (genuine) => withSignature(genuine, (raw) => raw.subarray(0, 32)),
  'a signature that is too long': (genuine) => withSignature(genuine, (raw) => Buffer.concat([raw, Buffer.alloc(1)])),
  'a signature of zeros': (genuine) => withSignature(genuine, () => Buffer.alloc(64)),
  'a signature of sevens': (genuine) => withSignature(genuine, () => Buffer.alloc(64, 7)),
  'a DER signature': (genuine) => withSignature(genuine, der),
  'an empty signature': ({ parts }) => rebuilt(parts[0], parts[1], ''),
  'an empty payload': ({ parts }) => rebuilt(parts[0], '', parts[2]),
  'an empty header': ({ parts }) => rebuilt('', parts[1], parts[2]),
  'three empty parts': () => '..',
  'two parts': ({ parts }) => rebuilt(parts[0], parts[1]),
  'four parts': ({ token, parts }) => rebuilt(token, parts[2]),
  'the five parts of a JWE': ({ header, parts }) =>
    rebuilt(encode({ ...header, alg: 'dir', enc: 'A128GCM' }), '', ...parts),
  'the JSON spelling of a JWS': ({ parts }) =>
    JSON.stringify({ protected: parts[0], payload: parts[1], signature: parts[2] }),
  'another token behind a blank': ({ token }) => `${token} ${token}`,
  'another token behind a comma': ({ token }) => `${token}, Bearer ${token}`,
  'the shape of a refresh token': () => `ref_${'A'.repeat(43)}`,
  'the shape of a session token, but one character short': () => `ses_${'A'.repeat(42)}`,
  'the shape of a session token, but one character long': () => `ses_${'A'.repeat(44)}`,
};
