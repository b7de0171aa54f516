import { Injectable } from '@nestjs/common';
import { cookieValues } from '@sallyport/verify/rules';
import { AppError } from '../core/app-error.js';
import type { Transport } from '../core/credential.js';
import { CookieNames } from '../http/cookie-names.js';
import type { RequestView } from '../http/request-view.js';
import { AccessTokens } from './access-tokens.js';
import { AcceptedStrategies } from './auth.strategy.js';

export interface Carried {
  readonly token: string;
  readonly transport: Transport;
  /** The only session that the token is believed for: the one that a cookie beside it names, which no other host can have set. */
  readonly session?: string;
}

/** More cookies of one name than this are no accident: a sibling host has planted them. */
const MOST_OF_A_NAME = 3;

/** Finds in a request what its client carries. An Authorization header wins, and cookies are then ignored. */
@Injectable()
export class CarriedCredential {
  constructor(
    private readonly cookies: CookieNames,
    private readonly strategies: AcceptedStrategies,
    private readonly accessTokens: AccessTokens,
  ) {}

  /** What proves who is asking; null when nothing was sent. Throws `token_invalid` for two cookies of our name. */
  access(request: RequestView): Carried | null {
    return this.bearer(request) ?? this.accessCookie(request);
  }

  /**
   * What `POST /auth/refresh` replaces: `refreshToken` of the body, else the bearer, else a cookie. Several where another host has
   * planted cookies beside ours: one of them at most is believed. Throws `token_invalid` when there are too many to try, or one
   * without the access cookie.
   */
  refresh(request: RequestView, refreshToken: string | undefined): Carried[] {
    if (refreshToken !== undefined) return [{ token: refreshToken, transport: 'bearer' }];
    const bearer = this.bearer(request);
    return bearer ? [bearer] : this.refreshCookies(request);
  }

  /** Everything in the request that may name the session to log out of. */
  any(request: RequestView, refreshToken: string | undefined): Carried[] {
    if (refreshToken !== undefined) return [{ token: refreshToken, transport: 'bearer' }];
    // Whatever else an Authorization header says, it wins over the cookies, and there is nothing to end then.
    if (request.authorization !== undefined) return [bearerToken(request) ?? []].flat();
    const tokens = this.cookies.credentials.flatMap((name) => cookieValues(request, name).slice(0, MOST_OF_A_NAME));
    return tokens.map((token) => ({ token, transport: 'cookie' }));
  }

  private bearer(request: RequestView): Carried | null {
    if (request.authorization === undefined) return null;
    const carried = bearerToken(request);
    if (!carried) throw new AppError('token_invalid', 'The Authorization header is not of the form "Bearer TOKEN".');
    return carried;
  }

  /** The cookie of the mode that logins issue comes first, then that of the other mode, if it is honoured at all. */
  private accessCookie(request: RequestView): Carried | null {
    for (const { cookies } of this.strategies.all) {
      const token = onlyCookie(request, cookies.access);
      if (token !== null) return { token, transport: 'cookie' };
    }
    return null;
  }

  /** A refresh cookie of its own is not bound to this host by its name, so that it counts only beside an access cookie, which is. */
  private refreshCookies(request: RequestView): Carried[] {
    let isAlone = false;
    for (const { cookies } of this.strategies.all) {
      const beside = onlyCookie(request, cookies.access);
      if (beside !== null && cookies.refresh === cookies.access) return [{ token: beside, transport: 'cookie' }];
      const tokens = cookieValues(request, cookies.refresh);
      if (tokens.length > MOST_OF_A_NAME) throw new AppError('token_invalid', 'Too many cookies of one name.');
      const session = beside === null ? null : this.accessTokens.sessionNamedBy(beside);
      if (session !== null && tokens.length > 0)
        return tokens.map((token) => ({ token, transport: 'cookie', session }));
      isAlone ||= tokens.length > 0;
    }
    if (isAlone)
      throw new AppError('token_invalid', 'A refresh cookie counts only beside the access cookie of its session.');
    return [];
  }
}

/** RFC 6750, section 2.1. Null for a header of another form. */
function bearerToken({ authorization }: RequestView): Carried | null {
  const [, token] = /^Bearer +(\S+)$/i.exec(String(authorization)) ?? [];
  return token === undefined ? null : { token, transport: 'bearer' };
}

/** Null when there is none. Throws `token_invalid` for two: which of them is ours? */
function onlyCookie(request: RequestView, name: string): string | null {
  const [token, second] = cookieValues(request, name);
  if (second !== undefined) throw new AppError('token_invalid', 'Two cookies of one name were sent.');
  return token ?? null;
}
