import type { IncomingMessage } from 'node:http';
import type { AppError } from '../core/app-error.js';
import { isAnsweredAsOauth, oauthErrorOf } from './oauth-error.js';
import { challengeOf, PROBLEM_JSON } from './problem.js';
import { requestIdOf } from './request-view.js';

export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The challenge, the delay, and whatever else a refusal says in its headers. */
export function refusalHeaders(error: AppError): Record<string, string> {
  return { ...challengeOf(error), ...error.extra.headers };
}

/** How a refusal is told: as problem+json, and by a route that speaks OAuth the OAuth way (RFC 6749, section 5.2). */
export function refusalAnswer(error: AppError, request: IncomingMessage): RefusalAnswer {
  // A route that may be cached has said so before it was refused.
  const headers = { 'Cache-Control': 'no-store', ...refusalHeaders(error) };
  if (isAnsweredAsOauth(request)) {
    const { status, body } = oauthErrorOf(error);
    return answer(status, headers, 'application/json; charset=utf-8', body);
  }
  const body = { ...error.problem, requestId: requestIdOf(request) };
  return answer(error.getStatus(), headers, PROBLEM_JSON, body);
}

function answer(status: number, headers: Record<string, string>, type: string, body: object): RefusalAnswer {
  // A client that is still sending a body nobody will read must not keep the connection.
  const connection: Record<string, string> = status === 413 ? { Connection: 'close' } : {};
  return { status, headers: { ...headers, ...connection, 'Content-Type': type }, body: JSON.stringify(body) };
}
