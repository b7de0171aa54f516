import { HttpException } from '@nestjs/common';
import { AppError } from '../core/app-error.js';

/** The refusal that an error amounts to, whoever threw it: Nest, the HTTP engine and the parser of bodies have errors of their own. */
export function refusalIn(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  if (status === 404) return new AppError('not_found');
  if (status === 413) return new AppError('payload_too_large', 'The body is larger than is read here.');
  if (status === 415) return new AppError('unsupported_media_type', 'Send UTF-8 JSON, not compressed.');
  if (status !== undefined && status >= 400 && status < 500)
    return new AppError('invalid_request', undefined, { status: 400 });
  return new AppError('internal_error', undefined, { cause: thrown });
}

/** The status that Nest's exceptions, the body parser's errors and Fastify's carry. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const { status, statusCode } = (thrown ?? {}) as { status?: unknown; statusCode?: unknown };
  return [status, statusCode].find((code) => typeof code === 'number');
}
