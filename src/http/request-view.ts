import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestKey, requestOf } from '@sallyport/verify/rules';
import { AppError } from '../core/app-error.js';
import type { Origin } from '../core/origin.js';

/** As much as Express's request and Fastify's have in common. Express's is Node's own, Fastify's holds Node's. */
interface EngineRequest {
  readonly raw?: IncomingMessage;
  readonly headers: IncomingHttpHeaders;
  readonly ip?: string;
  readonly host?: string;
  readonly query?: unknown;
  readonly body?: unknown;
}

const views = new WeakMap<IncomingMessage, RequestView>();
const ids = new WeakMap<IncomingMessage, string>();

/** Node's own request under that of an HTTP engine. */
export function rawRequestOf(request: object): IncomingMessage {
  return requestKey(request) as IncomingMessage;
}

/** The id by which a request is found in the log, made when it is first asked for. */
export function requestIdOf(raw: IncomingMessage): string {
  const id = ids.get(raw) ?? randomUUID();
  ids.set(raw, id);
  return id;
}

/** A request as the rooms see it, whatever HTTP engine it came by. */
export class RequestView implements Origin {
  private constructor(
    /** Node's own. What is known of a request beside it, is known by this. */
    readonly raw: IncomingMessage,
    private readonly request: EngineRequest,
  ) {}

  /** The same view for the same request. */
  static of(request: object): RequestView {
    const raw = rawRequestOf(request);
    const view = views.get(raw) ?? new RequestView(raw, request as EngineRequest);
    views.set(raw, view);
    return view;
  }

  /** The request of an HTTP, GraphQL or socket context. */
  static in(context: ExecutionContext): RequestView {
    return RequestView.of(requestOf(context));
  }

  get requestId(): string {
    return requestIdOf(this.raw);
  }

  get method(): string {
    return this.raw.method ?? '';
  }

  get headers(): IncomingHttpHeaders {
    return this.raw.headers;
  }

  /** The network address of the client, behind as many proxies as the engine was told to trust. */
  get ip(): string | undefined {
    return this.request.ip;
  }

  /** The one Authorization header; undefined when there is none. Throws `invalid_request` for two: whose request is it? */
  get authorization(): string | undefined {
    if (headerCount(this.raw, 'authorization') > 1) throw new AppError('invalid_request', 'Two Authorization headers.');
    return this.headers.authorization;
  }

  get userAgent(): string | undefined {
    return this.headers['user-agent'];
  }

  /** Host and port as the client named them, behind as many proxies as the engine was told to trust. No engine knows a socket. */
  get host(): string | undefined {
    return this.request.host ?? this.headers.host;
  }

  get query(): Readonly<Record<string, unknown>> {
    return (this.request.query ?? {}) as Record<string, unknown>;
  }

  get body(): unknown {
    return this.request.body;
  }
}

/** Hands a handler the request as the rooms see it. */
export const Incoming = createParamDecorator((_: unknown, context: ExecutionContext): RequestView => {
  return RequestView.in(context);
});

/** The request as what somebody did: for the audit trail. */
export function actedBy(actor: string, { requestId, ip, userAgent }: Origin): Origin {
  return { actor, requestId, ip, userAgent };
}

/** How often a header was sent. Node keeps only the first of some that are repeated, so its own view is not enough. */
export function headerCount({ rawHeaders = [] }: Partial<Pick<IncomingMessage, 'rawHeaders'>>, name: string): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]!.toLowerCase() === name) count += 1;
  return count;
}
