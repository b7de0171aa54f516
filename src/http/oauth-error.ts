import type { IncomingMessage } from 'node:http';
import { AppError } from '../core/app-error.js';
import type { ProblemCode } from '../core/problem.js';

/** The words of RFC 6749, section 5.2, and for outages and overload those of 4.1.2.1. */
type OauthErrorCode = 'invalid_client' | 'invalid_request' | 'temporarily_unavailable' | 'server_error';

const OWN_WORDS: Partial<Record<ProblemCode, OauthErrorCode>> = {
  rate_limited: 'temporarily_unavailable',
  service_unavailable: 'temporarily_unavailable',
  internal_error: 'server_error',
};

/** A client that did not prove who it is. */
export class InvalidClientError extends AppError {
  constructor() {
    super('token_invalid', 'The client is unknown or its secret is wrong.', {
      headers: { 'WWW-Authenticate': 'Basic realm="sallyport", charset="UTF-8"' },
    });
  }
}

const oauthRequests = new WeakSet<IncomingMessage>();

/** Notes that the request has reached a route that speaks OAuth. */
export function answerAsOauth(request: IncomingMessage): void {
  oauthRequests.add(request);
}

/** Whether a refusal of this request is told the OAuth way. */
export function isAnsweredAsOauth(request: IncomingMessage): boolean {
  return oauthRequests.has(request);
}

export function oauthErrorOf(error: AppError): { status: number; body: Record<string, string> } {
  const code = error instanceof InvalidClientError ? 'invalid_client' : (OWN_WORDS[error.code] ?? 'invalid_request');
  // A parameter that is missing is a bad request here, not a field to mend.
  const status = error.getStatus();
  return { status: status === 422 ? 400 : status, body: { error: code, error_description: error.message } };
}
