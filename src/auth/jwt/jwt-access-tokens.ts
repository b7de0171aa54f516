import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import {
  ACCESS_TOKEN_TYPE,
  type AccessTokenClaims,
  type AccessTokenPayload,
  asExt,
  GoodSignatures,
  hasExpired,
  readClaims,
  readToken,
  type UnverifiedToken,
} from '@sallyport/verify/rules';
import { StoreTime } from '../../core/store-time.js';
import type { Holder } from '../../sessions/session.js';
import { KeySet } from '../../keys/key-set.js';
import { AccessTokens } from '../access-tokens.js';
import { JwtOptions } from './jwt.options.js';

/** Access tokens as JWTs (RFC 9068): ids and roles, no e-mail and no name, and what the application has told. They are read by the rules that other services use, too. */
@Injectable()
export class JwtAccessTokens extends AccessTokens {
  private readonly signatures = new GoodSignatures();

  constructor(
    private readonly jwt: JwtService,
    private readonly keys: KeySet,
    private readonly options: JwtOptions,
    private readonly time: StoreTime,
  ) {
    super();
  }

  recognises(token: string): boolean {
    return token.startsWith('eyJ');
  }

  sign({ session, roles }: Holder, { iat, exp }: { readonly iat: number; readonly exp: number }): string {
    const { kid, alg, privateKey } = this.keys.signing();
    const payload: AccessTokenPayload = {
      iss: this.options.issuer,
      aud: this.options.audience,
      sub: session.userId,
      sid: session.id,
      jti: randomBytes(16).toString('base64url'),
      iat,
      exp,
      client_id: this.options.audience,
      auth_time: Math.floor(session.authTime.getTime() / 1000),
      acr: session.acr,
      amr: session.amr,
      roles,
      ...asExt(session.claims),
    };
    return this.jwt.sign({ ...payload }, { privateKey, algorithm: alg, header: { alg, typ: ACCESS_TOKEN_TYPE, kid } });
  }

  read(text: string): AccessTokenClaims | null {
    const signed = this.signatures.find(text);
    // A token that was signed by a key of an older file, or is seen for the first time, is taken apart.
    const token = signed && this.keys.find(signed.kid) === signed.key ? signed : this.verified(text);
    return token && readClaims(token, this.options, this.nowSeconds());
  }

  sessionNamedBy(text: string): string | null {
    const sid = readToken(text)?.members()?.['sid'];
    return typeof sid === 'string' ? sid : null;
  }

  hasExpired(claims: AccessTokenClaims): boolean {
    return hasExpired(claims, this.nowSeconds());
  }

  private verified(text: string): UnverifiedToken | null {
    const token = readToken(text);
    const key = token && this.keys.find(token.kid);
    return key && this.signatures.hold(text, token, key) ? token : null;
  }

  private nowSeconds(): number {
    return this.time.now() / 1000;
  }
}
