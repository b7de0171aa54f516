import { type IncomingHttpHeaders } from 'node:http';
import { type Answer, ask, askJson } from './ask.js';
import { type VerifySettings } from './verify.options.js';

const MAX_BYTES = 256 * 1024;
/** The feed's first page holds every session that ended lately: about 350,000 of them fit. */
const MAX_PAGE_BYTES = 32 * 1024 * 1024;

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  json: unknown;
}

/** The four things the auth service is asked, by their routes. What the answers mean is the callers' business. */
export class Backend {
  constructor(private readonly settings: VerifySettings) {}

  keySet(): Promise<Reply> {
    return askJson(this.url('/.well-known/jwks.json'), { headers: { Accept: 'application/json' } }, MAX_BYTES);
  }

  introspect(token: string): Promise<Reply> {
    const body = new URLSearchParams({ token }).toString();
    const type = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(body.length) };
    const headers = { ...this.headers('application/json'), ...type };
    return askJson(this.url('/oauth/introspect'), { method: 'POST', headers, body }, MAX_BYTES);
  }

  revocationPage(): Promise<Reply> {
    return askJson(this.url('/oauth/revocations'), { headers: this.headers('application/json') }, MAX_PAGE_BYTES);
  }

  revocationStream(after: string, signal: AbortSignal): Promise<Answer> {
    const url = this.url(`/oauth/revocations?${new URLSearchParams({ after }).toString()}`);
    return ask(url, { headers: this.headers('text/event-stream') }, signal);
  }

  private headers(accept: string): Record<string, string> {
    return { Accept: accept, Authorization: this.settings.clientAuthorization };
  }

  private url(path: string): string {
    return `${this.settings.issuer}${path}`;
  }
}
