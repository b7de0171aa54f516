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
}

export function problemOf(error: AppError, requestId: string): Problem {
  const { title } = PROBLEMS[error.code];
  return {
    type: `urn:sallyport:problem:${error.code}`,
    title,
    status: error.status,
    code: error.code,
    detail: error.detail ?? `${title}.`,
    requestId,
    ...(error.extra.errors && { errors: error.extra.errors }),
  };
}

/** RFC 6750 section 3: nothing sent gets the bare challenge, anything else says that the token is at fault. */
export function challengeOf(error: AppError): Record<string, string> {
  if (error.status !== 401) return {};
  if (error.code === 'credentials_missing') return { 'WWW-Authenticate': 'Bearer' };
  return { 'WWW-Authenticate': 'Bearer error="invalid_token"' };
}
