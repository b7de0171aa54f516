import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestIdOf } from './request-view.js';

export const REQUEST_ID_HEADER = 'X-Request-Id';

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
};

const PLAIN_HEADERS = Object.entries(HEADERS);
const SECURE_HEADERS = Object.entries({
  ...HEADERS,
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
});

/** What is on every answer of ours, errors included (R6.8). A route that may be cached says so itself. */
function securityHeaders(secure: boolean): readonly (readonly [string, string])[] {
  return secure ? SECURE_HEADERS : PLAIN_HEADERS;
}

const guarded = new WeakSet<ServerResponse>();

/** Gives an answer these headers once, and its request's id unless an application has given it one. */
export function protect(response: ServerResponse, request: IncomingMessage, secure: boolean): void {
  if (guarded.has(response)) return;
  guarded.add(response);
  if (!response.hasHeader(REQUEST_ID_HEADER)) response.setHeader(REQUEST_ID_HEADER, requestIdOf(request));
  for (const [name, value] of securityHeaders(secure)) response.setHeader(name, value);
}
