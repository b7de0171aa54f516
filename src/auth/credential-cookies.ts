import { Injectable } from '@nestjs/common';
import { CookieNames } from '../http/cookie-names.js';
import { HttpOptions } from '../http/http.options.js';
import { type CookieOrder, cookieValues, type RequestView } from '../http/request-view.js';
import type { Session } from '../sessions/session.js';
import type { Issued } from './auth.strategy.js';

/** The cookies that carry a credential, and those that take it away. All are `HttpOnly`. */
@Injectable()
export class CredentialCookies {
  constructor(
    private readonly names: CookieNames,
    private readonly options: HttpOptions,
  ) {}

  /** Sets the cookies of the session's mode, clears those it carries of the other. They live as long as the session may. */
  holding(issued: Issued, session: Session, request: RequestView): CookieOrder[] {
    const maxAgeSeconds = Math.max(0, Math.floor((session.expiresAt.getTime() - session.lastSeenAt.getTime()) / 1000));
    const jwt = issued.refreshToken !== null;
    const orders = [
      this.order(this.names.session, jwt ? null : issued.accessToken, maxAgeSeconds),
      this.order(this.names.access, jwt ? issued.accessToken : null, maxAgeSeconds),
      this.order(this.names.refresh, issued.refreshToken, maxAgeSeconds),
    ];
    return orders.filter(({ name, value }) => value !== null || cookieValues(request, name).length > 0);
  }

  cleared(): CookieOrder[] {
    return this.names.all.map((name) => this.order(name, null, 0));
  }

  private order(name: string, value: string | null, maxAgeSeconds: number): CookieOrder {
    const isRefresh = name === this.names.refresh;
    return {
      name,
      value,
      path: isRefresh ? '/auth' : '/',
      sameSite: isRefresh ? 'strict' : 'lax',
      secure: this.options.cookieSecure,
      maxAgeSeconds: value === null ? 0 : maxAgeSeconds,
    };
  }
}
