import type { AppError } from '../core/app-error.js';

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** RFC 6750 section 3: nothing sent gets the bare challenge, anything else says that the token is at fault. */
export function challengeOf(error: AppError): Record<string, string> {
  if (error.getStatus() !== 401) return {};
  if (error.code === 'credentials_missing') return { 'WWW-Authenticate': 'Bearer' };
  return { 'WWW-Authenticate': 'Bearer error="invalid_token"' };
}
