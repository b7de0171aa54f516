import { type ContextRequest } from './request.js';

/** The methods that change nothing (RFC 9110 section 9.2.1), so that nothing is gained by forging a request of theirs. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether anything can be gained by forging this request. A connection that is upgraded begins with GET, and goes on with who knows
 * what; a handshake names no method at all.
 */
export function mayChangeSomething({ method, headers }: Pick<ContextRequest, 'method' | 'headers'>): boolean {
  return !SAFE_METHODS.has(method ?? '') || headers.upgrade !== undefined;
}

/**
 * Whether a request with a cookie is no page's of another site (CSRF), by the rule of Go's `net/http.CrossOriginProtection`: the
 * browser says so itself in `Sec-Fetch-Site`, or else in `Origin`, which must name `host`. Who sends neither is no browser.
 *
 * ```ts
 * isFromHere(request.headers, request.headers.host, ['https://app.example.com']);
 * ```
 *
 * @param origins Other origins whose pages may send such requests, each as a browser spells it.
 */
export function isFromHere(
  headers: ContextRequest['headers'],
  host: string | undefined,
  origins: readonly string[],
): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (typeof origin === 'string' && origins.includes(origin)) return true;
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  if (origin === undefined) return true;
  return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).host === host;
}
