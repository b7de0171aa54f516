import { Injectable } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { CookieNames } from './cookie-names.js';
import { HttpOptions } from './http.options.js';
import { cookieValues, type RequestView } from './request-view.js';
import type { RouteFacts } from './route-facts.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site's page made a browser send (CSRF), by the rule of Go's `net/http.CrossOriginProtection`: the
 * browser says so itself in `Sec-Fetch-Site`, or else in `Origin`. Who sends neither is no browser.
 */
@Injectable()
export class CrossOrigin {
  constructor(
    private readonly options: HttpOptions,
    private readonly cookies: CookieNames,
  ) {}

  /** Throws `csrf_rejected`. For a request that carries a cookie which is about to be believed, on whatever route. */
  requireFromHere(request: RequestView): void {
    if (SAFE_METHODS.has(request.method) || this.isFromHere(request)) return;
    throw new AppError('csrf_rejected', 'Call from a page of this site, or from an origin in CORS_ORIGINS.');
  }

  /** The same for a route of ours. A request that neither carries nor would set a cookie has nothing to be forged with. */
  requireAllowed(request: RequestView, route: RouteFacts): void {
    if (!this.isWithoutCookies(request, route)) this.requireFromHere(request);
  }

  private isWithoutCookies(request: RequestView, { setsCookies, isBearer }: RouteFacts): boolean {
    const bearer = isBearer((request.body ?? {}) as Record<string, unknown>);
    if (setsCookies && !bearer) return false;
    // Cookies are ignored beside an Authorization header, so they prove nothing.
    if (request.headers.authorization !== undefined) return true;
    return bearer && !this.cookies.credentials.some((name) => cookieValues(request, name).length > 0);
  }

  private isFromHere({ headers, host }: RequestView): boolean {
    const { origin, 'sec-fetch-site': site } = headers;
    if (typeof origin === 'string' && this.options.corsOrigins.includes(origin)) return true;
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    if (origin === undefined) return true;
    return URL.canParse(origin) && new URL(origin).host === host;
  }
}
