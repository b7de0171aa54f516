import type { NextFunction, Request, Response } from 'express';

const CLOSED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
/** Swagger UI is served from here and styles itself in the page. */
const DOCS =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/** On every answer, errors included (R6.8). A route that may be cached says so itself. */
export function securityHeaders(secure: boolean): (request: Request, response: Response, next: NextFunction) => void {
  return (request, response, next) => {
    response.set({
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Content-Security-Policy': request.path === '/docs' || request.path.startsWith('/docs/') ? DOCS : CLOSED,
    });
    if (secure) response.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
    next();
  };
}
