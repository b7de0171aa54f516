import { Injectable } from '@nestjs/common';
import { cookieValues } from '@sallyport/verify/rules';
import type { AnswerHead, CookieOrder } from '../http/answer.js';
import { CookieNames } from '../http/cookie-names.js';
import { HttpOptions } from '../http/http.options.js';
import { PublicPaths } from '../http/public-paths.js';
import type { RequestView } from '../http/request-view.js';
import { SessionDto } from '../sessions/dto/session.dto.js';
import type { Session } from '../sessions/session.js';
import { UserDto } from '../users/dto/user.dto.js';
import type { LoggedIn } from './auth.service.js';
import { AcceptedStrategies, type Issued } from './auth.strategy.js';
import type { LoginAnswerDto } from './dto/login-answer.dto.js';

/** Hands a credential to its client by the transport that the client chose, and takes its cookies away again. */
@Injectable()
export class LoginAnswers {
  constructor(
    private readonly strategies: AcceptedStrategies,
    private readonly names: CookieNames,
    private readonly options: HttpOptions,
    private readonly paths: PublicPaths,
  ) {}

  give({ user, session, issued }: LoggedIn, request: RequestView, head: AnswerHead): LoginAnswerDto {
    const { accessToken, refreshToken, expiresIn } = issued;
    const base = { user: UserDto.of(user), session: SessionDto.of(session), tokenType: 'Bearer' as const };
    if (session.transport === 'bearer') {
      return { ...base, accessToken, expiresIn, ...(refreshToken !== null && { refreshToken }) };
    }
    head.setCookies(this.cookiesFor(issued, session, request));
    return { ...base, expiresIn };
  }

  /** Takes every cookie of ours away. */
  clear(head: AnswerHead): void {
    head.setCookies(this.names.credentials.map((name) => this.order(name, null, 0)));
  }

  /** Sets the cookies of the session's mode, and clears the other mode's cookies if the request sent any. */
  private cookiesFor({ accessToken, refreshToken }: Issued, session: Session, request: RequestView): CookieOrder[] {
    const { access, refresh } = this.strategies.of(session.mode).cookies;
    // They live as long as the session may.
    const maxAgeSeconds = Math.max(0, Math.floor((session.expiresAt.getTime() - session.lastSeenAt.getTime()) / 1000));
    const values = new Map([
      [refresh, refreshToken],
      [access, accessToken],
    ]);
    return this.names.credentials
      .map((name) => this.order(name, values.get(name) ?? null, maxAgeSeconds))
      .filter(({ name, value }) => value !== null || cookieValues(request, name).length > 0);
  }

  /** Always `HttpOnly`. */
  private order(name: string, value: string | null, maxAgeSeconds: number): CookieOrder {
    const isRefresh = name === this.names.refresh;
    return {
      name,
      value,
      path: isRefresh ? this.paths.path('/auth') : '/',
      sameSite: isRefresh ? 'strict' : 'lax',
      secure: this.options.cookieSecure,
      maxAgeSeconds: value === null ? 0 : maxAgeSeconds,
    };
  }
}
