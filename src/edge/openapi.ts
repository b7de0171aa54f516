import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { PROBLEM_SCHEMAS } from '../http/problem-schemas.js';

const DESCRIPTION = `\
One HTTP API for server-side sessions and for JWT with rotating refresh tokens. The mode changes what a client carries and
nothing else; \`GET /auth/config\` says which one is on.

**Try it by cookie**

1. \`POST /auth/register\`, then \`POST /auth/login\`: open each and press *Execute*, as they stand.
2. The browser now holds the cookies, and every route works from this page: \`GET /auth/me\` first.
3. \`POST /auth/logout\`. From then on \`GET /auth/me\` answers 401.

**Try it with a bearer token**, the same in both modes

1. \`POST /auth/login\` with the example *bearer* in place of *cookie*.
2. Copy the \`accessToken\` of the answer, press **Authorize**, paste it, press *Authorize* there.
3. The header now goes with every request, and cookies are ignored. *Logout* in the same window takes it away again.

**Refusals** are \`application/problem+json\` with a stable \`code\` that says what to do:

| code | what to do |
| --- | --- |
| \`token_expired\` | \`POST /auth/refresh\`, then send the request again |
| \`token_superseded\` | send it again with the newer token: another tab has refreshed |
| \`credentials_missing\` \`token_invalid\` \`token_reused\` \`session_expired\` \`session_revoked\` | log in |
| \`service_unavailable\` | try again after \`Retry-After\` seconds; the credential is as good as before |
| \`rate_limited\` | try again after \`Retry-After\` seconds, not before |
| any other | mend the request |
`;

/** As in production. With \`COOKIE_SECURE=false\` they have no prefix. */
const COOKIES = { sessionCookie: '__Host-sid', accessCookie: '__Host-at', refreshCookie: '__Secure-rt' };

/** Not an option of the page, and not asked for there: no page can set them, and the browser sends them by itself. */
export const COOKIE_SCHEMES: readonly string[] = Object.keys(COOKIES);

/** The OpenAPI description: the same in every mode and with any settings. */
export function openApiOf(app: INestApplication): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setTitle('Sallyport')
    .setVersion('1')
    .setDescription(DESCRIPTION)
    .addTag('auth', 'Log in, stay logged in, log out.')
    .addTag('sessions', 'One for each device on which you are logged in.')
    .addTag('users', 'Who else is here.')
    .addTag('for other services', 'Keys, introspection and revocation: what a resource server asks.')
    .addTag('health', 'For the orchestrator.')
    .addBearerAuth(
      {
        type: 'http',
        bearerFormat: 'ses_… in session mode, a JWT in jwt mode',
        description: 'The `accessToken` of a login with `"transport": "bearer"`, in either mode.',
      },
      'bearer',
    )
    .addBasicAuth({ type: 'http', description: 'Id and secret of a service in `OAUTH_CLIENTS_FILE`.' }, 'client')
    .addCookieAuth(COOKIES.sessionCookie, cookie('Session mode.', 'sid'), 'sessionCookie')
    .addCookieAuth(COOKIES.accessCookie, cookie('Jwt mode.', 'at'), 'accessCookie')
    .addCookieAuth(COOKIES.refreshCookie, cookie('Jwt mode, to refresh and to log out.', 'rt'), 'refreshCookie')
    .build();
  const document = SwaggerModule.createDocument(app, outline, { operationIdFactory: operationId });
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...PROBLEM_SCHEMAS } };
  return document;
}

function cookie(when: string, plainName: string): { type: 'apiKey'; description: string } {
  const description = `${when} Set by a login; there is nothing to fill in. \`${plainName}\` with \`COOKIE_SECURE=false\`.`;
  return { type: 'apiKey', description };
}

/** `AuthController.login` is `authLogin`: a name that a generated client can live with. */
function operationId(controller: string, method: string): string {
  const noun = controller.replace(/Controller$/, '');
  return noun.charAt(0).toLowerCase() + noun.slice(1) + method.charAt(0).toUpperCase() + method.slice(1);
}
