import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json, urlencoded } from 'express';
import {
  FORM_LIMIT,
  FORM_TYPE,
  hasBody,
  isKind,
  JSON_LIMIT,
  JSON_TYPE,
  noteBodyProblem,
  requireLength,
} from '../http/body-rules.js';
import { refusalIn } from '../http/foreign-error.js';

type Parser = ReturnType<typeof json>;
type ParserRequest = Parameters<Parser>[0];
type ParserResponse = Parameters<Parser>[1];

/** The parser makes a refusal of what `verify` throws: other bytes would be replaced without a word. */
function verify(_request: IncomingMessage, _response: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw new Error('The body is not UTF-8.');
}

const PARSERS = [
  { kind: JSON_TYPE, limit: JSON_LIMIT, parse: json({ limit: JSON_LIMIT, inflate: false, verify }) },
  {
    kind: FORM_TYPE,
    limit: FORM_LIMIT,
    parse: urlencoded({ limit: FORM_LIMIT, inflate: false, extended: false, verify }),
  },
];

/**
 * Reads the body of a request, on either HTTP engine. What is wrong with a body is noted and told by the route it was for, once
 * that route has said that it is open to who is asking. A body of a kind that no route takes is not read.
 */
export function readBody(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const parser = PARSERS.find(({ kind }) => isKind(request.headers['content-type'], kind));
  const onRead = (error?: unknown): void => {
    if (error) noteBodyProblem(request, refusalIn(error));
    // A client that is still sending a body nobody will read must not keep the connection.
    if (error && !request.complete) response.setHeader('Connection', 'close');
    next();
  };
  if (!hasBody(request)) return next();
  try {
    requireLength(request, parser?.limit ?? JSON_LIMIT);
  } catch (error) {
    return onRead(error);
  }
  if (!parser) return next();
  parser.parse(request as ParserRequest, response as ParserResponse, onRead);
}
