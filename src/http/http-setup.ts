import { json, urlencoded } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { BoundedServerAdapter } from './bounded-server.adapter.js';
import { Connections } from './connections.js';
import { setUpDocs } from './docs.js';
import { HttpOptions } from './http.options.js';
import { requestLog } from './request-log.js';
import {
  checkBodyKind,
  checkBodyLength,
  checkBodyShape,
  checkHead,
  checkUtf8,
  FORM_LIMIT,
  JSON_LIMIT,
} from './request-shape.js';
import { securityHeaders } from './security-headers.js';
import { validationPipe } from './validation.js';

/**
 * Everything that an application needs before it listens. It must have been created with a `BoundedServerAdapter` and
 * `bodyParser: false`; throws otherwise, since its connections would not be bounded.
 *
 * @example
 * const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), new BoundedServerAdapter(), {
 *   bodyParser: false,
 * });
 * setUpHttp(app);
 */
export function setUpHttp(app: NestExpressApplication): void {
  if (!(app.getHttpAdapter() instanceof BoundedServerAdapter)) {
    throw new Error(
      'Create the application with `new BoundedServerAdapter()`: Node takes bounds when a server is made.',
    );
  }
  const options = app.get(HttpOptions);
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  if (options.trustProxy !== null) app.set('trust proxy', options.trustProxy);

  app.use(requestLog());
  app.use(securityHeaders(options.cookieSecure));
  app.use(checkHead);
  if (options.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...options.corsOrigins],
      credentials: true,
      maxAge: 600,
      exposedHeaders: ['X-Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy'],
    });
  }
  app.use(checkBodyLength);
  if (options.docs) setUpDocs(app);
  app.use(checkBodyKind);
  app.use(json({ limit: JSON_LIMIT, inflate: false, verify: checkUtf8 }));
  app.use(urlencoded({ limit: FORM_LIMIT, inflate: false, extended: false, verify: checkUtf8 }));
  app.use(checkBodyShape);
  app.useGlobalPipes(validationPipe());
  app.get(Connections).watch(app.getHttpServer());
}
