import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request } from 'express';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { COOKIE_SCHEMES, openApiOf } from './openapi.js';

/** Swagger UI at `/docs`, the description at `/docs/openapi.json`. Everything is served from here. */
export function setUpDocs(app: NestExpressApplication): void {
  SwaggerModule.setup('docs', app, () => openApiOf(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
    customSiteTitle: 'Sallyport',
    customCss: '.swagger-ui .topbar { display: none }',
    swaggerOptions: { tryItOutEnabled: true, displayRequestDuration: true, defaultModelsExpandDepth: 0 },
    patchDocumentOnRequest: (request, _response, document) =>
      (request as Request).path.endsWith('.js') ? forThePage(document) : document,
  });
}

/**
 * The page would offer a field to fill in for each cookie, and forget what was filled in: no script can set a cookie that
 * is `HttpOnly`. The browser sends them unasked.
 */
function forThePage(document: OpenAPIObject): OpenAPIObject {
  const page = structuredClone(document);
  const isShown = (scheme: string): boolean => !COOKIE_SCHEMES.includes(scheme);
  page.components!.securitySchemes = Object.fromEntries(
    Object.entries(page.components!.securitySchemes ?? {}).filter(([scheme]) => isShown(scheme)),
  );
  for (const operation of Object.values(page.paths).flatMap((path) => Object.values(path) as Secured[])) {
    if (operation.security) operation.security = operation.security.filter((way) => Object.keys(way).every(isShown));
  }
  return page;
}

interface Secured {
  security?: Record<string, string[]>[];
}
