import type { NextFunction, Request, Response } from 'express';
import { UnavailableError } from '../core/app-error.js';

/** Every wait of an act is bounded by itself; this bounds their sum, from the moment that the request has been read. */
export const LONGEST_MS = 3000;

/**
 * Answers 503 when nothing else has been answered in three seconds. The act itself goes on: a statement that has been sent cannot
 * be taken back, so a client knows of an act that it got no answer to as little as when the link had failed. A stream has
 * begun its answer by then, and goes on.
 */
export function deadline(_request: Request, response: Response, next: NextFunction): void {
  const timer = setTimeout(() => {
    if (!response.headersSent) next(new UnavailableError('Something that this needs'));
  }, LONGEST_MS);
  response.on('close', () => clearTimeout(timer));
  next();
}
