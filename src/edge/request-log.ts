import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { requestIdOf } from '../http/request-view.js';
import { traceIdOf } from '../http/trace-id.js';
import type { Engine } from './engine.js';

const logger = new Logger('request');

/**
 * A line for each request when it is answered: no header, no body and no query string is ever in it. Whoever else logs on the way
 * asks the request for its id: an AsyncLocalStorage would hand it on by itself, and make every request dearer.
 */
export function logOf(engine: Engine): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.on('close', () => {
      logger.log({
        method: request.method,
        route: engine.routeOf(request),
        status: response.writableFinished ? response.statusCode : 'aborted',
        ms: Math.round((performance.now() - startedAt) * 10) / 10,
        requestId: requestIdOf(request),
        traceId: traceIdOf(request.headers.traceparent),
      });
    });
    next();
  };
}
