import type { IncomingMessage } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Express, Request } from 'express';
import { boundedServer } from './bounded-server.js';
import type { EdgeOptions } from './edge.options.js';
import type { Engine } from './engine.js';
import { readBody } from './read-body.js';

interface Layer {
  match(path: string): boolean;
  route?: { methods: Record<string, boolean> };
}

/** Express on a server whose connections are bounded. */
class BoundedExpressAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    this.setHttpServer(boundedServer(this.getInstance()));
  }
}

export class ExpressEngine implements Engine {
  readonly adapter = new BoundedExpressAdapter();

  constructor(private readonly options: EdgeOptions) {}

  prepare(): void {
    const express = this.adapter.getInstance<Express>();
    const { trustProxy } = this.options;
    express.set('etag', false);
    express.set('query parser', 'simple');
    express.disable('x-powered-by');
    if (trustProxy !== null) express.set('trust proxy', trustProxy);
    // Both engines take a path as it is spelt. Nest has made the router by now, and then Express's own setting comes too late;
    // the routes, which ask the router, come after this.
    Object.assign(express.router, { caseSensitive: true });
  }

  readBodies(): void {
    this.adapter.use(readBody);
  }

  routeOf(request: IncomingMessage): string | null {
    return ((request as Request).route as { path?: string } | undefined)?.path ?? null;
  }

  allowedMethods(path: string): string[] {
    const { stack } = this.adapter.getInstance<{ router: { stack: Layer[] } }>().router;
    const methods = new Set<string>();
    for (const layer of stack) {
      if (!layer.route || !matches(layer, path)) continue;
      for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
    }
    if (methods.has('GET')) methods.add('HEAD');
    return [...methods].filter((method) => method !== '_ALL').sort();
  }
}

function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false; // a path that cannot be decoded matches nothing
  }
}
