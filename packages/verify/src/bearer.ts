import { Refusal } from './refusal.js';

/** What the guard needs of a request: Node's own, Express's, or Fastify's with Node's in `raw`. */
export interface RequestHeaders {
  rawHeaders?: string[];
  raw?: { rawHeaders?: string[] };
}

/**
 * The token of `Authorization: Bearer`, the only place it is read from.
 * Node keeps the first of two `Authorization` headers and says nothing, so two are looked for in `rawHeaders`: which of them a
 * proxy in front of us believed cannot be known.
 */
export function readBearer(request: RequestHeaders): string {
  const raw = request.rawHeaders ?? request.raw?.rawHeaders;
  if (!Array.isArray(raw)) throw new Error('SallyportGuard needs a request with rawHeaders.');
  const values = raw.filter((_, i) => i % 2 === 1 && raw[i - 1].toLowerCase() === 'authorization');
  if (values.length > 1) throw new Refusal('invalid_request', 'More than one Authorization header was sent.');
  const [scheme = '', ...rest] = (values[0] ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer') throw new Refusal('credentials_missing');
  const token = rest.join(' ').trim();
  if (token === '') throw new Refusal('token_invalid');
  return token;
}
