import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../core/app-error.js';
import { headerCount } from '../http/request-view.js';

export const MAX_HEADER_FIELDS = 100;

/** What Node lets through and nobody honest sends (R11.6): refused before anything else looks at the request. */
export function checkHead(request: IncomingMessage, _response: ServerResponse, next: (error?: unknown) => void): void {
  next(problemOf(request));
}

function problemOf(request: IncomingMessage): AppError | undefined {
  if (request.rawHeaders.length > 2 * MAX_HEADER_FIELDS) {
    return new AppError('invalid_request', 'Too many header fields.', { status: 431 });
  }
  if (headerCount(request, 'host') !== 1) return new AppError('invalid_request', 'Exactly one Host header is needed.');
  if (!request.url?.startsWith('/')) return new AppError('invalid_request', 'Only paths are served here.');
  return undefined;
}
