import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Origin } from '../core/origin.js';
import { traceIdOf } from './trace-id.js';

const HEADER = 'X-Request-Id';

/**
 * Gives each request an id and, when it is answered, a line: no header, no body and no query string is ever in it. The id is
 * handed on to whoever logs on the way: an AsyncLocalStorage would do so by itself, and make every request dearer.
 */
export function requestLog(): (request: Request, response: Response, next: NextFunction) => void {
  const logger = new Logger('request');
  return (request, response, next) => {
    const requestId = randomUUID();
    const startedAt = performance.now();
    response.setHeader(HEADER, requestId);
    // Where `RequestView` looks for it.
    Object.assign(request, { requestId, userAgent: request.headers['user-agent'] } satisfies Origin);
    response.on('close', () => {
      logger.log({
        method: request.method,
        route: (request.route as { path?: string } | undefined)?.path ?? null,
        status: response.writableFinished ? response.statusCode : 'aborted',
        ms: Math.round((performance.now() - startedAt) * 10) / 10,
        requestId,
        traceId: traceIdOf(request.headers.traceparent),
      });
    });
    next();
  };
}

export function requestIdOf(response: Response): string {
  return String(response.getHeader(HEADER) ?? '');
}
