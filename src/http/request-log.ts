import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Origin } from '../core/origin.js';
import { requestContext } from '../core/request-context.js';
import { traceIdOf } from './trace-id.js';

const HEADER = 'X-Request-Id';

/**
 * Gives each request an id and, when it is answered, a line: no header, no body and no query string is ever in it. Whatever is
 * logged on the way carries the id too, and that of the trace which the request is a part of.
 */
export function requestLog(): (request: Request, response: Response, next: NextFunction) => void {
  const logger = new Logger('request');
  return (request, response, next) => {
    const requestId = randomUUID();
    const ids = { requestId, traceId: traceIdOf(request.headers.traceparent) };
    const startedAt = performance.now();
    response.setHeader(HEADER, requestId);
    // Where `RequestView` looks for it.
    Object.assign(request, { requestId } satisfies Origin);
    response.on('close', () => {
      logger.log({
        method: request.method,
        route: (request.route as { path?: string } | undefined)?.path ?? null,
        status: response.writableFinished ? response.statusCode : 'aborted',
        ms: Math.round((performance.now() - startedAt) * 10) / 10,
        ...ids,
      });
    });
    requestContext.run(ids, next);
  };
}

export function requestIdOf(response: Response): string {
  return String(response.getHeader(HEADER) ?? '');
}
