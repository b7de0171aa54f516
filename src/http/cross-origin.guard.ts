import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { AppError } from '../core/app-error.js';
import { CookieNames } from './cookie-names.js';
import { HttpOptions } from './http.options.js';
import { cookieValues } from './request-view.js';

const SETS_COOKIES = 'sallyport:sets-cookies';
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Marks a route that answers with cookies unless the body asks for the bearer transport. */
export const SetsCookies = (): MethodDecorator => SetMetadata(SETS_COOKIES, true);

/**
 * Refuses what another site's page made a browser send (CSRF), by the rule of Go's `net/http.CrossOriginProtection`: the
 * browser says so itself in `Sec-Fetch-Site`, or else in `Origin`. Who sends neither is no browser. A request that
 * neither carries nor would set a cookie has nothing to be forged with.
 */
@Injectable()
export class CrossOriginGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly options: HttpOptions,
    private readonly cookies: CookieNames,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (SAFE_METHODS.has(request.method)) return true;
    const setsCookies = this.reflector.get<boolean | undefined>(SETS_COOKIES, context.getHandler()) ?? false;
    if (this.isWithoutCookies(request, setsCookies) || this.isFromHere(request)) return true;
    throw new AppError('csrf_rejected', 'Call from a page of this site, or from an origin in CORS_ORIGINS.');
  }

  private isWithoutCookies(request: Request, setsCookies: boolean): boolean {
    const body = (request.body ?? {}) as Record<string, unknown>;
    if (setsCookies && body.transport !== 'bearer') return false;
    // Cookies are ignored beside an Authorization header, so they prove nothing.
    if (request.headers.authorization !== undefined) return true;
    const carried = this.cookies.credentials.some((name) => cookieValues(request, name).length > 0);
    return !carried && (body.transport === 'bearer' || typeof body.refreshToken === 'string');
  }

  private isFromHere(request: Request): boolean {
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (typeof origin === 'string' && this.options.corsOrigins.includes(origin)) return true;
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    if (origin === undefined) return true;
    return URL.canParse(origin) && new URL(origin).host === request.host;
  }
}
