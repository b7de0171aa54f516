/** What `SallyportVerifyModule.forRoot` is given. */
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
  /** Allows plain http to another machine. For a network that nobody else is on. */
  allowHttp?: boolean;
}

/** The options once they have been looked at. A class, so that it is its own injection token. */
export class VerifySettings {
  private constructor(
    readonly issuer: string,
    readonly audience: string,
    readonly cacheMs: number,
    /** The `Authorization` header this service names itself with. */
    readonly clientAuthorization: string,
  ) {}

  /** Names every mistake at once, by option and rule, never by value. */
  static from(options: VerifyOptions): VerifySettings {
    const { issuer, audience, clientId, clientSecret, cacheSeconds = 30, allowHttp = false } = options;
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
    if (mistakes.length > 0) throw new Error(`SallyportVerifyModule cannot start:\n  ${mistakes.join('\n  ')}`);
    return new VerifySettings(issuer, audience, cacheSeconds * 1000, basic(clientId, clientSecret));
  }
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
