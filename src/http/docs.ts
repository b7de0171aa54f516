import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { CookieNames } from './cookie-names.js';

/** The OpenAPI description, the same in every mode. */
export function openApiOf(app: NestExpressApplication): OpenAPIObject {
  const cookies = app.get(CookieNames);
  const document = new DocumentBuilder()
    .setTitle('Sallyport')
    .setVersion('1')
    .setDescription(
      'One HTTP API for server-side sessions and for JWT with rotating refresh tokens.\n\n' +
        '**Try it here:** `POST /auth/register`, then `POST /auth/login` as they stand. The cookies that the login sets ' +
        'make every other call work from this page. Or log in with `"transport": "bearer"`, press **Authorize** and paste ' +
        'the `accessToken`; the header then wins over the cookies. Which mode is on: `GET /auth/config`.',
    )
    .addBearerAuth(
      { type: 'http', description: 'The `accessToken` of a login with the bearer transport, in either mode.' },
      'bearer',
    )
    .addCookieAuth(
      cookies.session,
      { type: 'apiKey', description: 'Session mode. Set by a login; nothing to fill in.' },
      'sessionCookie',
    )
    .addCookieAuth(
      cookies.access,
      { type: 'apiKey', description: 'Jwt mode. Set by a login; nothing to fill in.' },
      'accessCookie',
    )
    .build();
  return SwaggerModule.createDocument(app, document);
}

/** Swagger UI at `/docs`, the description at `/docs/openapi.json`. Everything is served from here. */
export function setUpDocs(app: NestExpressApplication): void {
  SwaggerModule.setup('docs', app, () => openApiOf(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
    customSiteTitle: 'Sallyport',
    swaggerOptions: { persistAuthorization: true, tryItOutEnabled: true, displayRequestDuration: true },
  });
}
