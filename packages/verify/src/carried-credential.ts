import { Refusal } from './refusal.js';
import { cookieValues } from './rules/cookies.js';
import { isFromHere, mayChangeSomething } from './rules/cross-origin.js';
import { type ContextRequest } from './rules/request.js';
import { type VerifySettings } from './verify.options.js';

type CookieSettings = Pick<VerifySettings, 'cookies' | 'origins'>;

/**
 * The credential that a request carries: the token of `Authorization: Bearer`, or else of a cookie where the options name some. Throws
 * a `Refusal` when there is none, or none that can be believed.
 */
export function carriedCredential(request: ContextRequest, settings: CookieSettings): string {
  const authorization = authorizationOf(request);
  // Whatever an Authorization header says, it wins over the cookies.
  const cookie = authorization === undefined ? cookieOf(request, settings) : undefined;
  return cookie ?? bearerOf(authorization ?? '');
}

/**
 * Node keeps the first of two `Authorization` headers and says nothing, so two are looked for in `rawHeaders`: which of them a
 * proxy in front of us believed cannot be known. Only a handshake and a `Request` of fetch are without `rawHeaders`.
 */
function authorizationOf({ headers, rawHeaders, raw }: ContextRequest): string | undefined {
  const sent = rawHeaders ?? raw?.rawHeaders;
  const values = sent
    ? sent.filter((_, i) => i % 2 === 1 && sent[i - 1].toLowerCase() === 'authorization')
    : [headers.authorization ?? []].flat();
  if (values.length > 1) throw new Refusal('invalid_request', 'More than one Authorization header was sent.');
  return values[0];
}

function bearerOf(authorization: string): string {
  const [scheme = '', ...rest] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'bearer') throw new Refusal('credentials_missing');
  const token = rest.join(' ').trim();
  if (token === '') throw new Refusal('token_invalid');
  return token;
}

/** The first that is there of the cookies that the options name. A browser sends it along with whatever any page makes it send. */
function cookieOf(request: ContextRequest, { cookies, origins }: CookieSettings): string | undefined {
  for (const name of cookies) {
    const [token, second] = cookieValues(request, name);
    // Another host has planted one of them, and which is not to be seen.
    if (second !== undefined) throw new Refusal('token_invalid', 'Two cookies of one name were sent.');
    if (token === undefined) continue;
    if (mayChangeSomething(request) && !isFromHere(request.headers, hostOf(request), origins))
      throw new Refusal('csrf_rejected', 'Call from a page of this site, or from an origin that this service allows.');
    return token;
  }
  return undefined;
}

function hostOf({ headers }: ContextRequest): string | undefined {
  const host = headers.host ?? headers[':authority'];
  return typeof host === 'string' ? host : undefined;
}
