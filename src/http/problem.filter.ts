import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppError } from '../core/app-error.js';
import { allowedMethods } from './allowed-methods.js';
import { isOauthAnswer, oauthErrorOf } from './oauth-error.js';
import { challengeOf, PROBLEM_JSON } from './problem.js';
import { requestIdOf } from './request-log.js';
import { traceIdOf } from './trace-id.js';

/** The one place where a failure becomes an answer: problem+json, and for `/oauth/*` the OAuth way (RFC 6749 5.2). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    // The deadline was over and has been answered; what failed afterwards is not told to anybody.
    if (response.writableEnded) return;
    const error = appErrorOf(thrown, request);
    const requestId = requestIdOf(response);
    const status = error.getStatus();
    if (status >= 500) {
      const traceId = traceIdOf(request.headers.traceparent);
      this.logger.error({ code: error.code, cause: describe(error.extra.cause), requestId, traceId });
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // A route that may be cached has said so before it was refused.
    response.set({ 'Cache-Control': 'no-store', ...challengeOf(error), ...error.extra.headers });
    // A client that is still sending a body nobody will read must not keep the connection.
    if (status === 413) response.set('Connection', 'close');
    if (isOauthAnswer(request.path, error)) {
      const told = oauthErrorOf(error);
      response.status(told.status).json(told.body);
      return;
    }
    response.status(status).set('Content-Type', PROBLEM_JSON);
    response.send(JSON.stringify({ ...error.problem, requestId }));
  }
}

function appErrorOf(thrown: unknown, request: Request): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  if (status === 404) {
    const allowed = allowedMethods(request);
    return allowed.length > 0
      ? new AppError('method_not_allowed', undefined, { headers: { Allow: allowed.join(', ') } })
      : new AppError('not_found');
  }
  if (status === 413) return new AppError('payload_too_large', 'The body is larger than is read here.');
  if (status === 415) return new AppError('unsupported_media_type', 'Send UTF-8 JSON, not compressed.');
  if (status !== undefined && status >= 400 && status < 500)
    return new AppError('invalid_request', undefined, { status: 400 });
  return new AppError('internal_error', undefined, { cause: thrown });
}

/** The status that Nest's exceptions and the body parser's errors carry. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : undefined;
}

/** What the log may know of a failure: its kind, code and place, but no message, since drivers put values into theirs. */
function describe(cause: unknown): Record<string, unknown> | undefined {
  if (!(cause instanceof Error)) return cause === undefined ? undefined : { name: typeof cause };
  const at = cause.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 6);
  return { name: cause.name, code: (cause as { code?: unknown }).code, at: at?.map((line) => line.trim()) };
}
