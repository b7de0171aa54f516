import { createServer, type RequestListener, type Server } from 'node:http';
import { answerClientErrors } from './client-error.js';

/** Milliseconds (R11.6, L22). */
export const TIMES = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  // How often Node looks for requests that are too slow: every 30 s by itself. It takes this only when the server is made.
  connectionsCheckingInterval: 1000,
  // Longer than a balancer keeps a connection idle: closed by both at once, a request would be lost.
  keepAliveTimeout: 65_000,
};

/**
 * How often an answer is looked at that its client does not read: without any progress since the look before, its connection is
 * closed, after twice this time at the latest. No handler needs as long, and the feed of revocations says something every second.
 */
export const UNREAD_MS = 15_000;

/** A connection beyond these is closed at once. An idle connection costs about 10 KB, and a process is often allowed 4,096 open files. */
export const MAX_CONNECTIONS = 4000;

/** A server whose connections are bounded in number and time. It speaks plain HTTP, since TLS ends at the proxy in front of it. */
export function boundedServer(listener: RequestListener): Server {
  const server = createServer(TIMES, listener);
  server.timeout = UNREAD_MS;
  server.maxConnections = MAX_CONNECTIONS;
  answerClientErrors(server);
  return server;
}
