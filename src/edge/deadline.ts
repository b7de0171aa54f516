import type { IncomingMessage, ServerResponse } from 'node:http';
import { UnavailableError } from '../core/app-error.js';
import { hasBody } from '../http/body-rules.js';
import { logFailure } from '../http/failure-log.js';
import { refusalAnswer } from '../http/refusal-answer.js';

/** Every wait of an act is bounded by itself; this bounds their sum, from the moment that the request has been read. */
export const LONGEST_MS = 3000;

/**
 * Answers 503 when nothing else has been answered in three seconds. The act itself goes on: a statement that has been sent cannot
 * be taken back, so a client knows of an act that it got no answer to as little as when the link had failed. A stream has
 * begun its answer by then, and goes on.
 */
export function deadline(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    timer = setTimeout(() => giveUp(request, response), LONGEST_MS);
  };
  if (hasBody(request)) request.once('end', start);
  else start();
  response.once('close', () => clearTimeout(timer));
  next();
}

function giveUp(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) return;
  const error = new UnavailableError('Something that this needs');
  logFailure(error, request);
  const { status, headers, body } = refusalAnswer(error, request);
  response.writeHead(status, headers).end(body);
}
