import { Injectable } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { CookieNames } from './cookie-names.js';
import { HttpOptions } from './http.options.js';
import { cookieValues, isFromHere, mayChangeSomething } from '@sallyport/verify/rules';
import type { RequestView } from './request-view.js';
import type { RouteFacts } from './route-facts.js';

/** Refuses what another site's page made a browser send (CSRF), by the rule that the services behind go by, too. */
@Injectable()
export class CrossOrigin {
  constructor(
    private readonly options: HttpOptions,
    private readonly cookies: CookieNames,
  ) {}

  /**
   * Throws `csrf_rejected`. For a request that carries a cookie which is about to be believed, on whatever route. The method by
   * which a socket was opened says nothing of what its messages do.
   */
  requireFromHere(request: RequestView, isSocket = false): void {
    if (!isSocket && !mayChangeSomething(request)) return;
    if (isFromHere(request.headers, request.host, this.options.corsOrigins)) return;
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
    if (request.authorization !== undefined) return true;
    return bearer && !this.cookies.credentials.some((name) => cookieValues(request, name).length > 0);
  }
}
