import { generateKeyPairSync, type JsonWebKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { encode, type Members, signature } from '../attacks/forgery.js';

export type Json = Members;

export const ISSUED_FOR = 'orders-api';

/** One signing key of the pretended backend. */
export class Signer {
  private constructor(
    readonly alg: string,
    readonly kid: string,
    readonly privateKey: KeyObject,
    readonly jwk: Json,
  ) {}

  static make(alg: 'ES256' | 'RS256' | 'PS256', kid: string, modulusLength = 2048): Signer {
    const { privateKey, publicKey } =
      alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength });
    const members: JsonWebKey = publicKey.export({ format: 'jwk' });
    return new Signer(alg, kid, privateKey, { ...members, kid, alg, use: 'sig' });
  }

  /** A member that is `undefined` is left out, as JSON leaves it out. */
  sign(claims: Json, header: Json = {}): string {
    const text = `${encode({ alg: this.alg, typ: 'at+jwt', kid: this.kid, ...header })}.${encode(claims)}`;
    return `${text}.${encode(signature(this.alg, this.privateKey, text))}`;
  }
}

export const nowSeconds = () => Math.floor(Date.now() / 1000);

/** The claims of a good access token; what a test changes is undone by giving `undefined`. */
export function goodClaims(issuer: string, changes: Json = {}): Json {
  const now = nowSeconds();
  return {
    iss: issuer,
    aud: ISSUED_FOR,
    sub: randomUUID(),
    sid: randomUUID(),
    jti: randomUUID(),
    iat: now,
    exp: now + 300,
    client_id: 'sallyport',
    auth_time: now - 60,
    acr: 'aal1',
    amr: ['pwd'],
    roles: ['user'],
    ...changes,
  };
}

export const opaqueToken = () => `ses_${randomBytes(32).toString('base64url')}`;
