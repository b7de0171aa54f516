import { json, urlencoded } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { answerClientErrors } from './client-error.js';
import { setUpDocs } from './docs.js';
import { HttpOptions } from './http.options.js';
import { requestLog } from './request-log.js';
import { checkBodyKind, checkBodyShape, checkHead, checkUtf8 } from './request-shape.js';
import { securityHeaders } from './security-headers.js';
import { validationPipe } from './validation.js';

const BODY_LIMIT = 16 * 1024;
const FORM_LIMIT = 8 * 1024;

/**
 * Everything that an application created with `bodyParser: false` needs before it listens.
 *
 * @example
 * const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), { bodyParser: false });
 * setUpHttp(app);
 */
export function setUpHttp(app: NestExpressApplication): void {
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
      exposedHeaders: ['X-Request-Id'],
    });
  }
  if (options.docs) setUpDocs(app);
  app.use(checkBodyKind);
  app.use(json({ limit: BODY_LIMIT, inflate: false, verify: checkUtf8 }));
  app.use(urlencoded({ limit: FORM_LIMIT, inflate: false, extended: false, verify: checkUtf8 }));
  app.use(checkBodyShape);
  app.useGlobalPipes(validationPipe());

  const server = app.getHttpServer();
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  server.keepAliveTimeout = 65_000;
  answerClientErrors(server);
}
