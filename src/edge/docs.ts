import type { IncomingMessage, ServerResponse } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { COOKIE_SCHEMES, openApiOf } from './openapi.js';

/** Of the fields in the Authorize window the last one gets the cursor, and the one at the top is looked at: both are the bearer's. */
const CSS = `
.swagger-ui .topbar { display: none }
.swagger-ui .dialog-ux .modal-ux-content { display: flex; flex-direction: column-reverse }
.swagger-ui .dialog-ux .modal-ux-content .auth-container { border: 0 }
`;

/** The page is served from here and styles itself. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Swagger UI at `/docs`, the description at `/docs/openapi.json`. Everything is served from here. */
export function setUpDocs(app: INestApplication): void {
  app.use('/docs', (_request: IncomingMessage, response: ServerResponse, next: () => void) => {
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    next();
  });
  SwaggerModule.setup('docs', app, () => openApiOf(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
    customSiteTitle: 'Sallyport',
    customCss: CSS,
    swaggerOptions: { tryItOutEnabled: true, displayRequestDuration: true, defaultModelsExpandDepth: 0 },
    patchDocumentOnRequest: (request, _response, document) =>
      (request as { url: string }).url.endsWith('.js') ? forThePage(document) : document,
  });
}

/**
 * The page would offer a field to fill in for each cookie, and what was filled in would go nowhere: no script can set a
 * cookie that is `HttpOnly`. The browser sends them unasked. A route that can do without any of them would look locked.
 */
function forThePage(document: OpenAPIObject): OpenAPIObject {
  const page = structuredClone(document);
  const isShown = (scheme: string): boolean => !COOKIE_SCHEMES.includes(scheme);
  const schemes = Object.entries(page.components?.securitySchemes ?? {}).filter(([scheme]) => isShown(scheme));
  page.components = { ...page.components, securitySchemes: Object.fromEntries(schemes.toReversed()) };
  for (const operation of Object.values(page.paths).flatMap((path) => Object.values(path) as Secured[])) {
    operation.security = operation.security?.filter((way) => Object.keys(way).some(isShown));
  }
  return page;
}

interface Secured {
  security?: Record<string, string[]>[];
}
