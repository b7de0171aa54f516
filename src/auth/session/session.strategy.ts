import { Injectable } from '@nestjs/common';
import type { Origin } from '../../core/origin.js';
import { StoreTime } from '../../core/store-time.js';
import { CookieNames } from '../../http/cookie-names.js';
import { modeOfToken } from '../../sessions/opaque-token.js';
import { endOf, secondsLeft } from '../../sessions/session.js';
import { type Held, SessionsService } from '../../sessions/sessions.service.js';
import { type Authenticated, AuthStrategy, type Issued } from '../auth.strategy.js';

/** Server-side sessions: the client carries an opaque token, and each request asks the store who holds it. */
@Injectable()
export class SessionStrategy extends AuthStrategy {
  readonly mode = 'session';
  readonly cookies: AuthStrategy['cookies'];
  readonly revocationBoundMs = 0;

  constructor(
    private readonly sessions: SessionsService,
    private readonly time: StoreTime,
    { session }: CookieNames,
  ) {
    super();
    this.cookies = { access: session, refresh: session };
  }

  recognises(token: string): boolean {
    return modeOfToken(token) === 'session';
  }

  issue({ holder, token }: Held): Issued {
    const expiresIn = secondsLeft(holder.session, this.time.now());
    return { accessToken: token, expiresIn, refreshToken: null };
  }

  async authenticate(token: string, origin: Origin): Promise<Authenticated> {
    const { session, roles } = await this.sessions.use(token, origin);
    const { id: sessionId, userId, authTime, acr, amr, claims, createdAt: issuedAt } = session;
    const principal = { userId, sessionId, roles, mode: this.mode, authTime, acr, amr, claims } as const;
    return { principal, session, issuedAt, expiresAt: new Date(endOf(session)) };
  }
}
