import { AppError, type FieldProblem, type ProblemCode, PROBLEMS } from '../core/app-error.js';

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  requestId: string;
  errors?: FieldProblem[];
  /** draft-ietf-httpapi-ratelimit-headers. */
  'violated-policies'?: string[];
}

/** The types that a standard names. Every other code has one of ours. */
const STANDARD_TYPES: Partial<Record<ProblemCode, string>> = {
  rate_limited: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
};

export function problemOf(error: AppError, requestId: string): Problem {
  const { title } = PROBLEMS[error.code];
  const { errors, violatedPolicies } = error.extra;
  return {
    type: STANDARD_TYPES[error.code] ?? `urn:sallyport:problem:${error.code}`,
    title,
    status: error.status,
    code: error.code,
    detail: error.detail ?? `${title}.`,
    requestId,
    ...(errors && { errors }),
    ...(violatedPolicies && { 'violated-policies': violatedPolicies }),
  };
}

/** RFC 6750 section 3: nothing sent gets the bare challenge, anything else says that the token is at fault. */
export function challengeOf(error: AppError): Record<string, string> {
  if (error.status !== 401) return {};
  if (error.code === 'credentials_missing') return { 'WWW-Authenticate': 'Bearer' };
  return { 'WWW-Authenticate': 'Bearer error="invalid_token"' };
}
