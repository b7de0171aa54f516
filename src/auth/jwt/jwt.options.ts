export type JwtAlgorithm = 'ES256' | 'RS256' | 'PS256' | 'HS256';

export abstract class JwtOptions {
  abstract readonly accessTokenSeconds: number;
  abstract readonly algorithm: JwtAlgorithm;
  abstract readonly issuer: string;
  abstract readonly audience: string;
  /** A JWK set with private keys (RFC 7517). */
  abstract readonly keysFile: string;
  /** Whether a missing keys file is made. Never in production. */
  abstract readonly mayGenerateKeys: boolean;
}
