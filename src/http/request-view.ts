import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Origin } from '../core/origin.js';

/** As much of a request as the rooms need. Any HTTP engine can give it. */
export interface RequestView extends Omit<Origin, 'actor'> {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body?: unknown;
}

export const Incoming = createParamDecorator((_: unknown, context: ExecutionContext): RequestView => {
  return context.switchToHttp().getRequest<RequestView>();
});

/** The request as what somebody did: for the audit trail. */
export function actedBy(actor: string, { requestId, ip, userAgent }: RequestView): Origin {
  return { actor, requestId, ip, userAgent };
}

/** One cookie as a handler wants it to be set; a null value clears it. */
export interface CookieOrder {
  readonly name: string;
  readonly value: string | null;
  readonly path: string;
  readonly sameSite: 'lax' | 'strict';
  readonly secure: boolean;
  readonly maxAgeSeconds: number;
}

/** The values of every cookie named `name`, in the order sent. Names and values are taken as they stand. */
export function cookieValues(request: RequestView, name: string): string[] {
  const header = request.headers.cookie;
  if (typeof header !== 'string') return [];
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** How often a header was sent. Node keeps only the first of some that are repeated, so its own view is not enough. */
export function headerCount(request: RequestView, name: string): number {
  let count = 0;
  for (let i = 0; i < request.rawHeaders.length; i += 2) if (request.rawHeaders[i]!.toLowerCase() === name) count += 1;
  return count;
}
