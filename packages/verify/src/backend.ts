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

/** The five things the auth service is asked, by their routes. What the answers mean is the callers' business. */
export class Backend {
  private isRefusedUs = false;

  constructor(private readonly settings: VerifySettings) {}

  /** What the auth service says of itself (RFC 8414). */
  metadata(): Promise<Reply> {
    const url = this.url('/.well-known/oauth-authorization-server');
    return askJson(url, { headers: { Accept: 'application/json' } }, MAX_BYTES);
  }

  keySet(): Promise<Reply> {
    return askJson(this.url('/.well-known/jwks.json'), { headers: { Accept: 'application/json' } }, MAX_BYTES);
  }

  async introspect(token: string): Promise<Reply> {
    const body = new URLSearchParams({ token }).toString();
    const type = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(body.length) };
    const headers = { ...this.headers('application/json'), ...type };
    return this.heard(await askJson(this.url('/oauth/introspect'), { method: 'POST', headers, body }, MAX_BYTES));
  }

  async revocationPage(): Promise<Reply> {
    const headers = this.headers('application/json');
    return this.heard(await askJson(this.url('/oauth/revocations'), { headers }, MAX_PAGE_BYTES));
  }

  async revocationStream(after: string, signal: AbortSignal): Promise<Answer> {
    const url = this.url(`/oauth/revocations?${new URLSearchParams({ after }).toString()}`);
    return this.heard(await ask(url, { headers: this.headers('text/event-stream') }, signal));
  }

  /** A wrong secret is told once, by whatever is asked first, and again only when it has been right in between. */
  private heard<R extends { readonly status: number }>(reply: R): R {
    if (reply.status === 401 && !this.isRefusedUs)
      this.settings.log.error('The auth service does not know this service: clientId or clientSecret is wrong.');
    if (reply.status === 401 || reply.status === 200) this.isRefusedUs = reply.status === 401;
    return reply;
  }

  private headers(accept: string): Record<string, string> {
    return { Accept: accept, Authorization: this.settings.clientAuthorization };
  }

  private url(path: string): string {
    return `${this.settings.issuer}${path}`;
  }
}
