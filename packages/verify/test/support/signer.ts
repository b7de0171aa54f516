import {
  type JsonWebKey,
  type KeyObject,
  constants,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';

export type Json = Record<string, unknown>;

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

  /** A token of exactly these texts, however wrong. */
  signTexts(header: string | Buffer, payload: string | Buffer): string {
    const text = `${b64(header)}.${b64(payload)}`;
    return `${text}.${this.signature(text).toString('base64url')}`;
  }

  sign(claims: Json, header: Json = {}): string {
    return this.signTexts(
      JSON.stringify({ alg: this.alg, typ: 'at+jwt', kid: this.kid, ...header }),
      JSON.stringify(claims),
    );
  }

  private signature(text: string): Buffer {
    const bytes = Buffer.from(text);
    if (this.alg === 'ES256') return sign('sha256', bytes, { key: this.privateKey, dsaEncoding: 'ieee-p1363' });
    const padding = this.alg === 'RS256' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_PSS_PADDING;
    return sign('sha256', bytes, {
      key: this.privateKey,
      padding,
      ...(this.alg === 'PS256' ? { saltLength: 32 } : {}),
    });
  }
}

export function b64(text: string | Buffer): string {
  return Buffer.from(text as string).toString('base64url');
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
    roles: ['user'],
    ...changes,
  };
}

export const opaqueToken = () => `ses_${randomBytes(32).toString('base64url')}`;
