import type { IncomingMessage, RequestListener } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
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
  private readonly routes: Route[] = [];
  private readonly reached = new WeakMap<IncomingMessage, string>();

  constructor({ trustProxy }: EdgeOptions) {
    this.adapter = new FastifyAdapter({
      serverFactory: (listener: RequestListener) => boundedServer(listener),
      trustProxy: trustOf(trustProxy),
      routerOptions: { ignoreTrailingSlash: true },
    });
    this.fastify.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) this.routes.push({ method: name, segments: segmentsOf(url) });
    });
    this.fastify.addHook('onRequest', async (request: FastifyRequest) => {
      if (request.routeOptions.url !== undefined) this.reached.set(request.raw, request.routeOptions.url);
    });
  }

  prepare(): void {
    // Everything that Express has to be told not to do, Fastify does not do.
  }

  readBodies(): void {
    this.fastify.removeAllContentTypeParsers();
    this.fastify.addContentTypeParser('*', (request: FastifyRequest, _payload: unknown, done: Done) => {
      const raw = request.raw as IncomingMessage & { body?: unknown };
      readBody(raw, raw.socket as never, () => done(null, raw.body));
    });
  }

  routeOf(request: IncomingMessage): string | null {
    return this.reached.get(request) ?? null;
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
