import { type ExecutionContext } from '@nestjs/common';

/** As much of a request as is read here, whatever received it: Node, Express, Fastify or a socket's handshake. */
export interface ContextRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Names and values in turn, as they came. A handshake may be without them. */
  readonly rawHeaders?: readonly string[];
  readonly method?: string;
  /** Node's own request, where the framework has wrapped it as Fastify does. */
  readonly raw?: ContextRequest;
}

/**
 * The request that a guard or a parameter decorator is asked about.
 *
 * - HTTP: the request of Express or of Fastify.
 * - GraphQL: `req`, or `request`, of the context that resolvers share. Apollo on Express brings it; elsewhere give `GraphQLModule` the
 *   option `context: (request) => ({ request })`.
 * - WebSockets: the request that opened the connection, on the client as `request` (socket.io has it there; a gateway on `ws` must put it
 *   there in `handleConnection`) or as `handshake`.
 *
 * Throws where there is none, and says what is missing: it is a mistake of the service and never the client's.
 */
export function requestOf<R extends object = ContextRequest>(context: ExecutionContext): R & ContextRequest {
  const request = find(context);
  if (isRequest(request)) return request as R & ContextRequest;
  throw new Error(
    `There is no request in this ${context.getType()} context. ${HINTS[context.getType()] ?? NO_REQUEST}`,
  );
}

/**
 * What a request is known by: Node's own, so that Fastify's request and the raw one that its middleware sees are the same to whoever
 * remembers something about them.
 */
export function requestKey(request: object): object {
  const { raw } = request as { raw?: unknown };
  return typeof raw === 'object' && raw !== null ? raw : request;
}

const NO_REQUEST = 'A message between services carries no headers: guard its sender.';
const HINTS: Readonly<Record<string, string>> = {
  http: 'The guard stands where no HTTP server has received anything.',
  graphql: 'Give GraphQLModule the option context: (request) => ({ request }).',
  ws: 'Keep the request of handleConnection(client, request) as client.request.',
};

function find(context: ExecutionContext): unknown {
  switch (context.getType<string>()) {
    case 'http':
      return context.switchToHttp().getRequest<unknown>();
    case 'graphql': {
      // Resolvers are called with parent, arguments, context and info.
      const shared = context.getArgByIndex<{ req?: unknown; request?: unknown } | undefined>(2);
      return shared?.req ?? shared?.request;
    }
    case 'ws': {
      const client = context.switchToWs().getClient<{ request?: unknown; handshake?: unknown } | undefined>();
      return client?.request ?? client?.handshake;
    }
    default:
      return undefined;
  }
}

function isRequest(value: unknown): boolean {
  const headers = (value as { headers?: unknown } | null | undefined)?.headers;
  return typeof headers === 'object' && headers !== null;
}
