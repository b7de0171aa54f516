import type { IncomingMessage, ServerResponse } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { HttpOptions } from '../http/http.options.js';
import { protect, REQUEST_ID_HEADER } from '../http/security-headers.js';
import { Connections } from './connections.js';
import { deadline } from './deadline.js';
import { setUpDocs } from './docs.js';
import { EdgeFilter } from './edge.filter.js';
import { EdgeOptions } from './edge.options.js';
import type { Engine } from './engine.js';
import { checkHead } from './request-head.js';
import { logOf } from './request-log.js';

/**
 * What the service binds for all its requests, since it has no routes but ours: the log, the headers, the bounds. An application
 * that Sallyport is a part of has an edge of its own.
 */
export function setUpEdge(app: INestApplication, engine: Engine): void {
  const http = app.get(HttpOptions);
  const options = app.get(EdgeOptions);
  const filter = new EdgeFilter(http, engine);
  engine.prepare(filter);
  app.use(logOf(engine));
  app.use(headersOf(http));
  app.use(checkHead);
  if (http.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...http.corsOrigins],
      credentials: true,
      maxAge: 600,
      exposedHeaders: [REQUEST_ID_HEADER, 'Retry-After', 'RateLimit', 'RateLimit-Policy'],
    });
  }
  if (options.docs) setUpDocs(app);
  app.use(deadline);
  engine.readBodies();
  app.useGlobalFilters(filter);
  app.get(Connections).watch(app.getHttpServer());
}

function headersOf({ cookieSecure }: HttpOptions) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    protect(response, request, cookieSecure);
    next();
  };
}
