/**
 * Every `code` a client can meet, with its status and title: the whole vocabulary of refusals (RFC 9457 `title`). Nothing sends
 * `session_not_fresh` yet: it is published now so that clients are written for it.
 */
export const PROBLEMS = {
  credentials_missing: { status: 401, title: 'Nothing was sent to prove who is asking' },
  token_invalid: { status: 401, title: 'The token is unknown or garbled' },
  token_expired: { status: 401, title: 'The access token has run out: refresh it' },
  token_superseded: { status: 401, title: 'A newer token was issued: use it' },
  token_reused: { status: 401, title: 'A token that had been replaced was used again: the session has been ended' },
  session_expired: { status: 401, title: 'The session has run out: log in again' },
  session_revoked: { status: 401, title: 'The session has been ended: log in again' },
  login_failed: { status: 401, title: 'E-mail and password do not match' },
  current_password_wrong: { status: 403, title: 'The current password is wrong' },
  session_not_fresh: { status: 403, title: 'Log in again before doing this' },
  forbidden: { status: 403, title: 'Not allowed' },
  csrf_rejected: { status: 403, title: 'The request came from another site' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This route has no such method' },
  email_taken: { status: 409, title: 'An account with this e-mail exists' },
  session_limit_reached: { status: 409, title: 'Too many devices are logged in' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is of a kind that is not read here' },
  validation_failed: { status: 422, title: 'Some fields are not as they should be' },
  password_too_weak: { status: 422, title: 'The password is too easy to guess' },
  invalid_request: { status: 400, title: 'The request cannot be read' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong here' },
  service_unavailable: { status: 503, title: 'A service this needs is not answering' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** One field that is not as it should be. `pointer` is a JSON pointer (RFC 6901); the value itself is never repeated. */
export interface FieldProblem {
  pointer: string;
  code: string;
  detail: string;
}

/** What a refusal says beside its code and its detail. */
export interface ProblemExtra {
  errors?: FieldProblem[];
  /** Another status than the code's own. */
  status?: number;
  /** Of `rate_limited`: the names of the limits that were met, where they may be told. */
  violatedPolicies?: string[];
}

/** A refusal as its client reads it (RFC 9457), but for the id of the request. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: FieldProblem[];
  /** draft-ietf-httpapi-ratelimit-headers. */
  readonly 'violated-policies'?: string[];
}

/** The types that a standard names. Every other code has one of ours. */
const STANDARD_TYPES: Partial<Record<ProblemCode, string>> = {
  rate_limited: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
};

export function problemOf(code: ProblemCode, detail?: string, extra: ProblemExtra = {}): Problem {
  const { title, status } = PROBLEMS[code];
  const { errors, violatedPolicies } = extra;
  return {
    type: STANDARD_TYPES[code] ?? `urn:sallyport:problem:${code}`,
    title,
    status: extra.status ?? status,
    code,
    detail: detail ?? `${title}.`,
    ...(errors && { errors }),
    ...(violatedPolicies && { 'violated-policies': violatedPolicies }),
  };
}
