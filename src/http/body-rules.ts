import type { IncomingMessage } from 'node:http';
import { AppError } from '../core/app-error.js';
import type { RequestView } from './request-view.js';

/** Bytes of a body. */
export const JSON_LIMIT = 16 * 1024;
export const FORM_LIMIT = 8 * 1024;
export const MAX_DEPTH = 8;
export const MAX_KEYS = 50;
export const JSON_TYPE = 'application/json';
export const FORM_TYPE = 'application/x-www-form-urlencoded';
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

const problems = new WeakMap<IncomingMessage, AppError>();

/** Notes why a body could not be read. The route that it was for tells it, in the way of its own refusals. */
export function noteBodyProblem(request: IncomingMessage, problem: AppError): void {
  problems.set(request, problem);
}

/** The body is JSON, but for the OAuth endpoints, whose standards say a form (R11.1): of moderate size, in UTF-8 and whole. */
export function requireBody({ raw, headers, body }: RequestView, takesForm: boolean): void {
  const kind = takesForm ? FORM_TYPE : JSON_TYPE;
  // HTTP/2 needs neither header to announce a body.
  const hasUnannounced = raw.httpVersionMajor > 1 && body !== undefined && body !== null;
  if (hasBody(raw) || hasUnannounced) {
    requireLength(raw, takesForm ? FORM_LIMIT : JSON_LIMIT);
    if (!isKind(headers['content-type'], kind)) {
      throw new AppError('unsupported_media_type', `Send ${kind} in UTF-8.`);
    }
  }
  const problem = problems.get(raw);
  if (problem) throw problem;
  if (body !== undefined && body !== null) requireShape(body);
}

/** Refused by what it announces: nobody waits for the rest of a body that is not going to be read. */
export function requireLength({ headers }: IncomingMessage, limit: number): void {
  if (Number(headers['content-length'] ?? 0) > limit) {
    throw new AppError('payload_too_large', `A body has at most ${limit} bytes here.`);
  }
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Whether a Content-Type is of this kind and says nothing but UTF-8 of its letters. */
export function isKind(contentType: string | undefined, kind: string): boolean {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  return (
    type === kind &&
    parameters.every((parameter) => !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter))
  );
}

/** A plain object of moderate size, with no key that means something to JavaScript itself (R11.1, R11.2). */
function requireShape(body: unknown): void {
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
}
