import { Refusal } from './refusal.js';
import { type ContextRequest } from './rules/request.js';

/**
 * The token of `Authorization: Bearer`, the only place it is read from.
 * Node keeps the first of two `Authorization` headers and says nothing, so two are looked for in `rawHeaders`: which of them a
 * proxy in front of us believed cannot be known. A handshake without `rawHeaders` has one or none.
 */
export function readBearer(request: ContextRequest): string {
  const raw = request.rawHeaders ?? request.raw?.rawHeaders;
  const values = raw
    ? raw.filter((_, i) => i % 2 === 1 && raw[i - 1].toLowerCase() === 'authorization')
    : [request.headers.authorization ?? []].flat();
  if (values.length > 1) throw new Refusal('invalid_request', 'More than one Authorization header was sent.');
  const [scheme = '', ...rest] = (values[0] ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer') throw new Refusal('credentials_missing');
  const token = rest.join(' ').trim();
  if (token === '') throw new Refusal('token_invalid');
  return token;
}
