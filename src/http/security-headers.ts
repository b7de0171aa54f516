import type { AnswerHead } from './answer.js';
import type { RequestView } from './request-view.js';

export const REQUEST_ID_HEADER = 'X-Request-Id';

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
};

/** What is on every answer of ours, errors included (R6.8). A route that may be cached says so itself. */
export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  return secure ? { ...HEADERS, 'Strict-Transport-Security': 'max-age=63072000; includeSubDomains' } : HEADERS;
}

/** Gives an answer these headers and its request's id, unless it has them from the service's edge. */
export function protect(head: AnswerHead, request: RequestView, secure: boolean): void {
  if (head.raw.hasHeader(REQUEST_ID_HEADER)) return;
  head.raw.setHeader(REQUEST_ID_HEADER, request.requestId);
  for (const [name, value] of Object.entries(securityHeaders(secure))) head.raw.setHeader(name, value);
}
