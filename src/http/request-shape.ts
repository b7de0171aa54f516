import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../core/app-error.js';
import { headerCount } from './request-view.js';

export const MAX_HEADER_FIELDS = 100;
/** Bytes of a body. */
export const JSON_LIMIT = 16 * 1024;
export const FORM_LIMIT = 8 * 1024;
export const MAX_DEPTH = 8;
export const MAX_KEYS = 50;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** What Node lets through and nobody honest sends (R11.6): refused before anything else looks at the request. */
export function checkHead(request: Request, _response: Response, next: NextFunction): void {
  if (request.rawHeaders.length > 2 * MAX_HEADER_FIELDS) {
    throw new AppError('invalid_request', 'Too many header fields.', { status: 431 });
  }
  if (headerCount(request, 'host') !== 1) throw new AppError('invalid_request', 'Exactly one Host header is needed.');
  if (headerCount(request, 'authorization') > 1) throw new AppError('invalid_request', 'Two Authorization headers.');
  if (!request.url.startsWith('/')) throw new AppError('invalid_request', 'Only paths are served here.');
  next();
}

/** Refused by what it announces: nobody waits for the rest of a body that is not going to be read. */
export function checkBodyLength(request: Request, _response: Response, next: NextFunction): void {
  const limit = takesForm(request) ? FORM_LIMIT : JSON_LIMIT;
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    throw new AppError('payload_too_large', `A body has at most ${limit} bytes here.`);
  }
  next();
}

/** The body is JSON, but for the OAuth endpoints, whose standards say a form (R11.1). */
export function checkBodyKind(request: Request, _response: Response, next: NextFunction): void {
  const { headers } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  const kind = takesForm(request) ? 'application/x-www-form-urlencoded' : 'application/json';
  if (hasBody && !isKind(headers['content-type'], kind)) {
    throw new AppError('unsupported_media_type', `Send ${kind} in UTF-8.`);
  }
  next();
}

function takesForm({ path }: Request): boolean {
  return path.startsWith('/oauth/');
}

function isKind(contentType: string | undefined, kind: string): boolean {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  return (
    type === kind &&
    parameters.every((parameter) => !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter))
  );
}

/** For the body parser, which makes a refusal of what this throws: other bytes would be replaced without a word. */
export function checkUtf8(_request: IncomingMessage, _response: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw new Error('The body is not UTF-8.');
}

/** A plain object of moderate size, with no key that means something to JavaScript itself (R11.1, R11.2). */
export function checkBodyShape(request: Request, _response: Response, next: NextFunction): void {
  const body: unknown = request.body;
  if (body === undefined) return next();
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new AppError('invalid_request', 'The body must be a JSON object.');
  }
  let keys = 0;
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null) return;
    if (depth > MAX_DEPTH) throw new AppError('invalid_request', 'The body is nested too deeply.');
    for (const key of Object.keys(value)) {
      keys += 1;
      if (keys > MAX_KEYS) throw new AppError('invalid_request', 'The body has too many fields.');
      if (FORBIDDEN_KEYS.has(key)) throw new AppError('invalid_request', 'The body has a field of a forbidden name.');
      walk((value as Record<string, unknown>)[key], depth + 1);
    }
  };
  walk(body, 1);
  next();
}
