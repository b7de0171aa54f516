import { Injectable } from '@nestjs/common';
import { principalOf } from '@sallyport/verify/rules';
import { AppError } from '../../core/app-error.js';
import { StoreTime } from '../../core/store-time.js';
import { CookieNames } from '../../http/cookie-names.js';
import { REVOCATION_BOUND_MS } from '../../sessions/ended-lately.js';
import { Liveness } from '../../sessions/liveness.js';
import { endOf } from '../../sessions/session.js';
import type { Held } from '../../sessions/sessions.service.js';
import { UseRecorder } from '../../sessions/use-recorder.js';
import { AccessTokens } from '../access-tokens.js';
import { type Authenticated, AuthStrategy, type Issued } from '../auth.strategy.js';
import { JwtOptions } from './jwt.options.js';

/** Signed access tokens: a request is believed by its signature, unless its session is known to have ended. */
@Injectable()
export class JwtStrategy extends AuthStrategy {
  readonly mode = 'jwt';
  readonly cookies: AuthStrategy['cookies'];
  readonly revocationBoundMs = REVOCATION_BOUND_MS;

  constructor(
    private readonly tokens: AccessTokens,
    private readonly liveness: Liveness,
    private readonly uses: UseRecorder,
    private readonly options: JwtOptions,
    private readonly time: StoreTime,
    { access, refresh }: CookieNames,
  ) {
    super();
    this.cookies = { access, refresh };
  }

  recognises(token: string): boolean {
    return this.tokens.recognises(token);
  }

  issue({ holder, token: refreshToken }: Held): Issued {
    const now = Math.floor(this.time.now() / 1000);
    const exp = Math.min(now + this.options.accessTokenSeconds, Math.floor(endOf(holder.session) / 1000));
    // A session in its last second gets a token that has run out already, dated one second back because every token has a life:
    // its client refreshes next, and hears that the session is over.
    const iat = Math.min(now, exp - 1);
    return { accessToken: this.tokens.sign(holder, { iat, exp }), expiresIn: Math.max(0, exp - now), refreshToken };
  }

  async authenticate(token: string): Promise<Authenticated> {
    const claims = this.tokens.read(token);
    if (!claims) throw new AppError('token_invalid');
    if (this.tokens.hasExpired(claims)) {
      // Refreshing would be of no use when the session is over, so its holder is told at once, as in session mode.
      await this.liveness.ask(claims.sid);
      throw new AppError('token_expired');
    }
    await this.liveness.requireLive(claims);
    this.uses.record(claims.sid);
    return {
      principal: { ...principalOf(claims), mode: this.mode },
      session: null,
      issuedAt: dateOf(claims.iat),
      expiresAt: dateOf(claims.exp),
    };
  }
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000);
}
