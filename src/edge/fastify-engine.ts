import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemFilter } from '../http/problem.filter.js';
import { boundedServer } from './bounded-server.js';
import type { EdgeOptions } from './edge.options.js';
import type { Engine } from './engine.js';
import { readBody } from './read-body.js';

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
}

/** Fastify on a server whose connections are bounded. */
export class FastifyEngine implements Engine {
  readonly adapter: FastifyAdapter;
  private filter?: ProblemFilter;
  private readonly routes: Route[] = [];
  private readonly reached = new WeakMap<IncomingMessage, { url: string | undefined; answer: ServerResponse }>();

  constructor({ trustProxy }: EdgeOptions) {
    this.adapter = new FastifyAdapter({
      serverFactory: (listener: RequestListener) => boundedServer(listener),
      trustProxy: trustOf(trustProxy),
      frameworkErrors: (error: unknown, request: object, reply: object) => this.filter?.refuse(error, request, reply),
      routerOptions: { ignoreTrailingSlash: true },
    });
    this.fastify.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) this.routes.push({ method: name, segments: segmentsOf(url) });
    });
    this.fastify.addHook('onRequest', async ({ raw, routeOptions }: FastifyRequest, reply: FastifyReply) => {
      this.reached.set(raw, { url: routeOptions.url, answer: reply.raw });
    });
  }

  prepare(filter: ProblemFilter): void {
    this.filter = filter;
  }

  readBodies(): void {
    this.fastify.removeAllContentTypeParsers();
    this.fastify.addContentTypeParser('*', (request: FastifyRequest, _payload: unknown, done: Done) => {
      const raw = request.raw as IncomingMessage & { body?: unknown };
      readBody(raw, this.reached.get(raw)!.answer, () => done(null, raw.body));
    });
  }

  routeOf(request: IncomingMessage): string | null {
    return this.reached.get(request)?.url ?? null;
  }

  allowedMethods(path: string): string[] {
    const segments = segmentsOf(path);
    const methods = this.routes.filter((route) => matches(route.segments, segments)).map(({ method }) => method);
    return [...new Set(methods)].sort();
  }

  private get fastify(): FastifyInstance {
    return this.adapter.getInstance<FastifyInstance>();
  }
}

/** Fastify's names for what Express calls the same: it counts no hops. */
function trustOf(trustProxy: EdgeOptions['trustProxy']) {
  if (typeof trustProxy === 'number') return (_address: string, hop: number) => hop < trustProxy;
  return trustProxy === null ? false : [...trustProxy];
}

type Done = (error: Error | null, body?: unknown) => void;

function segmentsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((part, place) => part === path[place] || (part.startsWith(':') && path[place] !== ''))
  );
}
