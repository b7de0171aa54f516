import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { validate as isUuid } from 'uuid';
import { Clock } from '../../core/clock.js';
import { MAX_ACCESS_TOKEN_SECONDS as MAX_LIFE } from '../../core/token-life.js';
import { KeySet } from '../../keys/key-set.js';
import type { Holder } from '../../sessions/session.js';
import { JwtOptions } from './jwt.options.js';
import { Jws, parseObject } from './jws.js';
import { VerifiedTokens } from './verified-tokens.js';

const TYP = 'at+jwt';
/** For clocks of other instances. Seconds. */
const SKEW = 5;

/** RFC 9068, section 2.2: ids and roles only, no e-mail and no name. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly client_id: string;
  readonly auth_time: number;
  readonly acr: string;
  readonly amr: readonly string[];
  readonly roles: readonly string[];
}

@Injectable()
export class AccessTokens {
  private readonly verified = new VerifiedTokens<Record<string, unknown> & AccessTokenClaims>();

  constructor(
    private readonly jwt: JwtService,
    private readonly jws: Jws,
    private readonly keys: KeySet,
    private readonly options: JwtOptions,
    private readonly clock: Clock,
  ) {}

  /** Signed for this many seconds from now. */
  sign({ session, roles }: Holder, lifeSeconds: number): string {
    const { kid, alg, privateKey } = this.keys.signing();
    const iat = this.nowSeconds();
    const claims: AccessTokenClaims = {
      iss: this.options.issuer,
      aud: this.options.audience,
      sub: session.userId,
      sid: session.id,
      jti: randomBytes(16).toString('base64url'),
      iat,
      exp: iat + lifeSeconds,
      client_id: this.options.audience,
      auth_time: Math.floor(session.authTime.getTime() / 1000),
      acr: session.acr,
      amr: session.amr,
      roles,
    };
    return this.jwt.sign(
      { ...claims },
      { privateKey: privateKey as never, algorithm: alg, header: { alg, typ: TYP, kid } },
    );
  }

  /** The claims of a token that we signed for ourselves, run out or not; null for anything else. */
  read(token: string): AccessTokenClaims | null {
    const known = this.verified.find(token);
    // The very key: a file that was read again has others, also under the same name.
    if (known && this.keys.find(known.key.kid) === known.key) return this.isOurs(known.claims) ? known.claims : null;
    const signed = this.jws.verify(token);
    if (!signed || (signed.header.typ !== TYP && signed.header.typ !== `application/${TYP}`)) return null;
    const claims = parseObject(signed.payload);
    if (!claims || !this.isOurs(claims)) return null;
    // Many requests will share them.
    Object.freeze(claims.roles);
    if (!this.hasExpired(claims)) this.verified.keep(token, { claims, key: signed.key });
    return claims;
  }

  hasExpired(claims: AccessTokenClaims): boolean {
    return this.nowSeconds() >= claims.exp;
  }

  private isOurs(claims: Record<string, unknown>): claims is Record<string, unknown> & AccessTokenClaims {
    const { iss, aud, sub, sid, jti, iat, exp, nbf, client_id, auth_time, acr, amr, roles } = claims;
    const now = this.nowSeconds();
    return (
      iss === this.options.issuer &&
      (aud === this.options.audience || (isTexts(aud) && aud.includes(this.options.audience))) &&
      isUuid(sub) &&
      isUuid(sid) &&
      typeof jti === 'string' &&
      jti.length >= 22 &&
      isTime(iat) &&
      iat <= now + SKEW &&
      isTime(exp) &&
      exp > iat &&
      exp - iat <= MAX_LIFE &&
      (nbf === undefined || (isTime(nbf) && nbf <= now + SKEW)) &&
      typeof client_id === 'string' &&
      isTime(auth_time) &&
      isTexts(roles) &&
      typeof acr === 'string' &&
      isTexts(amr)
    );
  }

  private nowSeconds(): number {
    return Math.floor(this.clock.now().wall / 1000);
  }
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
