import { Injectable } from '@nestjs/common';
import { type AccessTokenClaims, principalOf } from '@sallyport/verify/rules';
import { AppError } from '../../core/app-error.js';
import { Clock } from '../../core/clock.js';
import { EndedSessions } from '../../sessions/ended-sessions.js';
import { type Holder, secondsLeft } from '../../sessions/session.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { AccessTokens } from '../access-tokens.js';
import { type Authenticated, AuthStrategy, type Issued } from '../auth.strategy.js';
import { refusalOf } from '../refusal.js';
import { RevocationFeed } from '../revocation.feed.js';
import { JwtOptions } from './jwt.options.js';
import { UseRecorder } from './use-recorder.js';

/** Signed access tokens: a request is believed by its signature, unless its session is known to have ended. */
@Injectable()
export class JwtStrategy extends AuthStrategy {
  readonly mode = 'jwt';
  readonly tokenKind = 'ref';

  constructor(
    private readonly tokens: AccessTokens,
    private readonly sessions: SessionsService,
    private readonly ended: EndedSessions,
    private readonly feed: RevocationFeed,
    private readonly uses: UseRecorder,
    private readonly options: JwtOptions,
    private readonly clock: Clock,
  ) {
    super();
  }

  recognises(token: string): boolean {
    return this.tokens.recognises(token);
  }

  issue(holder: Holder, refreshToken: string): Issued {
    const { session } = holder;
    const left = secondsLeft(session, this.clock.now());
    const expiresIn = Math.max(1, Math.min(this.options.accessTokenSeconds, left));
    return { accessToken: this.tokens.sign(holder, expiresIn), expiresIn, refreshToken };
  }

  async authenticate(token: string): Promise<Authenticated> {
    const claims = this.tokens.read(token);
    if (!claims) throw new AppError('token_invalid');
    if (this.ended.has(claims.sid)) throw new AppError('session_revoked');
    if (this.tokens.hasExpired(claims)) throw await this.refusalOfExpired(claims);
    // As long as the feed is up to date, what it has not told us of is alive; else the store is asked each time.
    if (!this.feed.isHealthy) await this.askStore(claims);
    // It may have ended while the store was asked.
    if (this.ended.has(claims.sid)) throw new AppError('session_revoked');
    this.uses.record(claims.sid);
    return {
      principal: { ...principalOf(claims), mode: this.mode },
      session: null,
      issuedAt: new Date(claims.iat * 1000),
      expiresAt: new Date(claims.exp * 1000),
    };
  }

  async sessionOf(token: string): Promise<{ sessionId: string; userId: string } | null> {
    const claims = this.tokens.read(token);
    return claims && { sessionId: claims.sid, userId: claims.sub };
  }

  /** Refreshing a token whose session is over would be of no use, so its holder is told at once, as in session mode. */
  private async refusalOfExpired(claims: AccessTokenClaims): Promise<AppError> {
    const { state } = await this.sessions.find(claims.sid);
    return state === 'live' ? new AppError('token_expired') : refusalOf(state);
  }

  private async askStore(claims: AccessTokenClaims): Promise<void> {
    const { state } = await this.sessions.find(claims.sid);
    if (state !== 'live') throw refusalOf(state);
  }
}
