import { Injectable } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import type { Transport } from '../core/credential.js';
import { CookieNames } from '../http/cookie-names.js';
import { cookieValues, type RequestView } from '../http/request-view.js';
import { AcceptedStrategies } from './auth.strategy.js';

export interface Carried {
  readonly token: string;
  readonly transport: Transport;
}

/** Finds in a request what its client carries. An Authorization header wins, and cookies are then ignored. */
@Injectable()
export class CarriedCredential {
  constructor(
    private readonly cookies: CookieNames,
    private readonly strategies: AcceptedStrategies,
  ) {}

  /** What proves who is asking; null when nothing was sent. Throws `token_invalid` for two cookies of our name. */
  access(request: RequestView): Carried | null {
    return this.bearer(request) ?? this.cookie(request, 'access');
  }

  /** What `POST /auth/refresh` replaces: `refreshToken` of the body, else the bearer, else a cookie. */
  refresh(request: RequestView, refreshToken: string | undefined): Carried | null {
    if (refreshToken !== undefined) return { token: refreshToken, transport: 'bearer' };
    return this.bearer(request) ?? this.cookie(request, 'refresh');
  }

  /** Everything in the request that may name the session to log out of. */
  any(request: RequestView, refreshToken: string | undefined): Carried[] {
    if (refreshToken !== undefined) return [{ token: refreshToken, transport: 'bearer' }];
    // Whatever else an Authorization header says, it wins over the cookies, and there is nothing to end then.
    if (request.headers.authorization !== undefined) return [bearerToken(request) ?? []].flat();
    const tokens = this.cookies.all.flatMap((name) => cookieValues(request, name));
    return tokens.map((token) => ({ token, transport: 'cookie' }));
  }

  private bearer(request: RequestView): Carried | null {
    if (request.headers.authorization === undefined) return null;
    const carried = bearerToken(request);
    if (!carried) throw new AppError('token_invalid', 'The Authorization header is not of the form "Bearer TOKEN".');
    return carried;
  }

  /** The cookie of the mode that logins issue comes first, then that of the other mode, if it is honoured at all. */
  private cookie(request: RequestView, what: 'access' | 'refresh'): Carried | null {
    for (const { cookies } of this.strategies.all) {
      const [token, second] = cookieValues(request, cookies[what]);
      if (second !== undefined) throw new AppError('token_invalid', 'Two cookies of one name were sent.');
      if (token !== undefined) return { token, transport: 'cookie' };
    }
    return null;
  }
}

/** RFC 6750, section 2.1. Null for a header of another form. */
function bearerToken({ headers }: RequestView): Carried | null {
  const [, token] = /^Bearer +(\S+)$/i.exec(String(headers.authorization)) ?? [];
  return token === undefined ? null : { token, transport: 'bearer' };
}
