import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.js';
import { digestToken, tokenKind } from '../../core/opaque-token.js';
import { endOf, type Holder, secondsLeft } from '../../sessions/session.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { TokenStore } from '../../sessions/token.store.js';
import { type Authenticated, AuthStrategy, type Issued } from '../auth.strategy.js';
import { proofOf } from '../proof.js';
import { refusalOf } from '../refusal.js';

/** Server-side sessions: the client carries an opaque token, and each request asks the store who holds it. */
@Injectable()
export class SessionStrategy extends AuthStrategy {
  readonly mode = 'session';
  readonly tokenKind = 'ses';

  constructor(
    private readonly tokens: TokenStore,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
  ) {
    super();
  }

  recognises(token: string): boolean {
    return tokenKind(token) === 'ses';
  }

  issue({ session }: Holder, token: string): Issued {
    return { accessToken: token, expiresIn: secondsLeft(session, this.clock.now()), refreshToken: null };
  }

  async authenticate(token: string): Promise<Authenticated> {
    const use = await this.tokens.use(digestToken(token));
    if (use.verdict !== 'held') {
      if (use.verdict === 'reused') this.sessions.noteEnded([use.sessionId], use.userId, 'token_reused');
      throw refusalOf(use.verdict);
    }
    const { session, roles } = use.holder;
    const { id: sessionId, userId } = session;
    return {
      principal: { userId, sessionId, roles, mode: this.mode, ...proofOf(session) },
      session,
      issuedAt: session.createdAt,
      expiresAt: new Date(endOf(session)),
    };
  }

  async sessionOf(token: string): Promise<{ sessionId: string; userId: string } | null> {
    return this.tokens.sessionOf(digestToken(token));
  }
}
