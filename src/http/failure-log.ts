import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type { AppError } from '../core/app-error.js';
import { requestIdOf } from './request-view.js';
import { traceIdOf } from './trace-id.js';

const logger = new Logger('http');

/** A line for what went wrong on our side: whose fault it was, the client is not told. */
export function logFailure(error: AppError, request: IncomingMessage): void {
  if (error.getStatus() < 500) return;
  const traceId = traceIdOf(request.headers.traceparent);
  logger.error({ code: error.code, cause: describe(error.extra.cause), requestId: requestIdOf(request), traceId });
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
