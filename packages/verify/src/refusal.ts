import { HttpException } from '@nestjs/common';

const REFUSALS = {
  credentials_missing: { status: 401, title: 'Nothing was sent to prove who is asking' },
  token_invalid: { status: 401, title: 'The token is unknown or garbled' },
  token_expired: { status: 401, title: 'The access token has run out: refresh it' },
  session_revoked: { status: 401, title: 'The session has been ended: log in again' },
  csrf_rejected: { status: 403, title: 'The request came from another site' },
  forbidden: { status: 403, title: 'Not allowed' },
  invalid_request: { status: 400, title: 'The request cannot be read' },
  service_unavailable: { status: 503, title: 'A service this needs is not answering' },
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** Why a request was not let in. `code` is stable; the text is for people and never holds what the client sent. */
export class Refusal extends HttpException {
  constructor(
    readonly code: RefusalCode,
    readonly detail?: string,
    cause?: unknown,
  ) {
    super(REFUSALS[code].title, REFUSALS[code].status, { cause });
  }

  /** The problem document (RFC 9457), word for word the backend's, so that a client needs to know one language. */
  problem(requestId: string): Record<string, unknown> {
    const { status, title } = REFUSALS[this.code];
    const type = `urn:sallyport:problem:${this.code}`;
    return { type, title, status, code: this.code, detail: this.detail ?? `${title}.`, requestId };
  }

  /** RFC 6750 section 3: a bare challenge when nothing was sent, `invalid_token` for a bad one. */
  headers(): Record<string, string> {
    const headers: Record<string, string> = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' };
    if (this.code === 'credentials_missing') headers['WWW-Authenticate'] = 'Bearer';
    else if (this.getStatus() === 401) headers['WWW-Authenticate'] = 'Bearer error="invalid_token"';
    if (this.getStatus() === 503) headers['Retry-After'] = '1';
    return headers;
  }
}

/** The backend could not be asked, or its answer cannot be relied on: 503, never a pass and never "your token is bad". */
export class Unavailable extends Refusal {
  constructor(what: string, cause?: unknown) {
    super('service_unavailable', `${what} Try again shortly.`, cause);
  }
}
