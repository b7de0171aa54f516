import { type VerifyLog } from './log.js';
import { LONGEST_LIFE_SECONDS } from './rules/access-token.js';

/** What `SallyportVerifyModule.forRoot` and `createVerifier` are given. */
export interface VerifyOptions {
  /** The backend's `JWT_ISSUER`, letter for letter; its routes are looked for under it. https, unless it is on this machine. */
  issuer: string;
  /** The backend's `JWT_AUDIENCE`: a token made for somebody else is refused. */
  audience: string;
  /** This service's entry in the backend's `OAUTH_CLIENTS_FILE`. */
  clientId: string;
  clientSecret: string;
  /** How long an introspection answer may be reused while the feed is healthy: 0 to 30 seconds, 30 unless told. */
  cacheSeconds?: number;
  /**
   * Reads the credential from cookies, too, where there is no Authorization header: from those of these names, in this order. `true`
   * stands for the backend's own, `__Host-sid` and `__Host-at`; where it sets cookies without https they are `sid` and `at`. A browser
   * sends such cookies to the host that set them and to no other, so this is for services behind the same host. Off unless told.
   */
  cookies?: boolean | readonly string[];
  /** Other origins whose pages may send requests that change something with such a cookie, as `https://app.example.com`. */
  origins?: readonly string[];
  /**
   * What becomes of users while the backend can neither be followed nor asked. `refuse`, which is so unless told: 503 for everybody.
   * `acceptSignedForSeconds`: JWTs with a good signature go on for so long after the feed was lost, 1 to 900 seconds. A session
   * that ends in this time is let in until the time is over or its token has run out. Opaque tokens are refused either way.
   */
  whenLost?: WhenLost;
  /** Allows plain http to another machine. For a network that nobody else is on. */
  allowHttp?: boolean;
  /** Where it is told what an operator should know. The console unless told, in a Nest application its logger. */
  log?: VerifyLog;
}

/** A service's own choice between being closed and being late: see `VerifyOptions.whenLost`. */
export type WhenLost = 'refuse' | { readonly acceptSignedForSeconds: number };

/** The options once they have been looked at. */
export class VerifySettings {
  private constructor(
    readonly issuer: string,
    readonly audience: string,
    readonly cacheMs: number,
    /** Names of cookies that may hold the credential; mostly none. */
    readonly cookies: readonly string[],
    readonly origins: readonly string[],
    /** How long after the loss of the feed a JWT goes on that cannot be asked about; 0 for not at all. */
    readonly acceptSignedMs: number,
    /** The `Authorization` header this service names itself with. */
    readonly clientAuthorization: string,
    readonly log: VerifyLog,
  ) {}

  /** Names every mistake at once, by option and rule, never by value. */
  static from(options: VerifyOptions): VerifySettings {
    const { issuer, audience, clientId, clientSecret, cacheSeconds = 30, allowHttp = false, origins = [] } = options;
    const cookies = cookieNames(options.cookies ?? false);
    const acceptSignedSeconds = acceptedSeconds(options.whenLost ?? 'refuse');
    const mistakes: string[] = [];
    if (!isIssuer(issuer, allowHttp)) {
      mistakes.push(
        'issuer: an https URL (http only on this machine, or with allowHttp), no query, no slash at its end',
      );
    }
    for (const [name, value] of Object.entries({ audience, clientId, clientSecret })) {
      if (typeof value !== 'string' || value === '') mistakes.push(`${name}: a text that is not empty`);
    }
    if (!(typeof cacheSeconds === 'number' && cacheSeconds >= 0 && cacheSeconds <= 30)) {
      mistakes.push('cacheSeconds: a number from 0 to 30');
    }
    if (!areAll(cookies, isCookieName)) mistakes.push('cookies: true, false or a list of names of cookies');
    if (!areAll(origins, isOrigin)) mistakes.push('origins: a list of origins, each as a browser spells it');
    if (acceptSignedSeconds === null) {
      mistakes.push(`whenLost: 'refuse', or acceptSignedForSeconds with a number from 1 to ${LONGEST_LIFE_SECONDS}`);
    }
    if (mistakes.length > 0)
      throw new Error(`The options of @sallyport/verify cannot be used:\n  ${mistakes.join('\n  ')}`);
    return new VerifySettings(
      issuer,
      audience,
      cacheSeconds * 1000,
      cookies,
      origins,
      (acceptSignedSeconds ?? 0) * 1000,
      basic(clientId, clientSecret),
      options.log ?? console,
    );
  }
}

/** The backend's cookies that carry an access credential, as browsers take them over https alone (RFC 6265bis). */
const BACKEND_COOKIES: readonly string[] = ['__Host-sid', '__Host-at'];

function cookieNames(cookies: boolean | readonly string[]): readonly string[] {
  if (typeof cookies !== 'boolean') return cookies;
  return cookies ? BACKEND_COOKIES : [];
}

/** Null for what is no choice. No token lives for longer than the longest that may be chosen. */
function acceptedSeconds(whenLost: WhenLost): number | null {
  if (whenLost === 'refuse') return 0;
  const { acceptSignedForSeconds: seconds } = (whenLost ?? {}) as { acceptSignedForSeconds?: unknown };
  return typeof seconds === 'number' && seconds >= 1 && seconds <= LONGEST_LIFE_SECONDS ? seconds : null;
}

function areAll(list: unknown, is: (text: string) => boolean): boolean {
  return Array.isArray(list) && list.every((item) => typeof item === 'string' && is(item));
}

/** RFC 6265 section 4.1.1: a token of HTTP. */
function isCookieName(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text);
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function isIssuer(text: unknown, allowHttp: boolean): boolean {
  if (typeof text !== 'string' || !URL.canParse(text) || text.endsWith('/')) return false;
  const url = new URL(text);
  if (url.search || url.hash || url.username || url.password) return false;
  const here = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && (here || allowHttp));
}

/** RFC 6749 section 2.3.1: id and secret are form-encoded first, so that a colon in either cannot move the border. */
function basic(clientId: string, clientSecret: string): string {
  const form = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  return `Basic ${Buffer.from(`${form(clientId)}:${form(clientSecret)}`).toString('base64')}`;
}
