import { randomUUID } from 'node:crypto';

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

/** What a refusal is called; clients may build on it. */
export type RefusalCode = keyof typeof REFUSALS;

/** The problem document of a refusal (RFC 9457), word for word the backend's, so that a client needs to know one language. */
export interface RefusalProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: RefusalCode;
  readonly detail: string;
  readonly requestId: string;
}

/**
 * Why a request was not let in. `code` is stable; the text is for people and never holds what the client sent.
 *
 * ```ts
 * if (!user.roles.includes('admin')) throw new Refusal('forbidden');
 * ```
 */
export class Refusal extends Error {
  /** Of the answer: 400, 401, 403 or 503. */
  readonly status: number;

  constructor(
    readonly code: RefusalCode,
    readonly detail?: string,
    cause?: unknown,
  ) {
    super(REFUSALS[code].title, { cause });
    this.name = 'Refusal';
    this.status = REFUSALS[code].status;
  }

  /** RFC 6750 section 3: a bare challenge when nothing was sent, `invalid_token` for a bad one. */
  get headers(): Record<string, string> {
    const headers: Record<string, string> = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' };
    if (this.code === 'credentials_missing') headers['WWW-Authenticate'] = 'Bearer';
    else if (this.status === 401) headers['WWW-Authenticate'] = 'Bearer error="invalid_token"';
    if (this.status === 503) headers['Retry-After'] = '1';
    return headers;
  }

  /** The body of the answer. `requestId` is what the service's log calls the request, if it calls it anything. */
  problem(requestId: string = randomUUID()): RefusalProblem {
    const { status, title } = REFUSALS[this.code];
    const type = `urn:sallyport:problem:${this.code}`;
    return { type, title, status, code: this.code, detail: this.detail ?? `${title}.`, requestId };
  }

  /** The whole answer, for a server that answers as fetch does. */
  toResponse(requestId?: string): Response {
    return new Response(JSON.stringify(this.problem(requestId)), { status: this.status, headers: this.headers });
  }
}

/** The backend could not be asked, or its answer cannot be relied on: 503, never a pass and never "your token is bad". */
export class Unavailable extends Refusal {
  constructor(what: string, cause?: unknown) {
    super('service_unavailable', `${what} Try again shortly.`, cause);
  }
}
