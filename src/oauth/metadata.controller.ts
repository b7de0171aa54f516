import { Get, Header } from '@nestjs/common';
import { PublicPaths } from '../http/public-paths.js';
import { JwtOptions } from '../auth/jwt/jwt.options.js';
import { OwnRoutes } from '../http/own-routes.js';
import { Public } from '../http/principal.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../http/swagger.js';
import { CACHEABLE } from './jwks.controller.js';

const CLIENT_AUTHENTICATION = ['client_secret_basic', 'client_secret_post'];

@OwnRoutes('.well-known')
@ApiTags('for other services')
@Public()
export class MetadataController {
  constructor(
    private readonly options: JwtOptions,
    private readonly paths: PublicPaths,
  ) {}

  @Get('oauth-authorization-server')
  @Header('Cache-Control', CACHEABLE)
  @ApiOperation({ summary: 'What there is for other services (RFC 8414)' })
  @ApiOkResponse({
    description: 'Where they are.',
    schema: { type: 'object', required: ['issuer'], additionalProperties: true },
    example: metadataOf(
      { issuer: 'https://auth.example.com', audience: 'sallyport' },
      (route) => `https://auth.example.com${route}`,
    ),
  })
  metadata(): Record<string, unknown> {
    return metadataOf(this.options, (route) => this.paths.url(route));
  }
}

function metadataOf(
  { issuer, audience }: Pick<JwtOptions, 'issuer' | 'audience'>,
  urlOf: (route: string) => string,
): Record<string, unknown> {
  return {
    issuer,
    jwks_uri: urlOf('/.well-known/jwks.json'),
    introspection_endpoint: urlOf('/oauth/introspect'),
    introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    revocation_endpoint: urlOf('/oauth/revoke'),
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    // RFC 8414 asks for these two; there is no authorization endpoint and no token endpoint to use them at.
    response_types_supported: [],
    grant_types_supported: [],
    sallyport_audience: audience,
    sallyport_revocations_endpoint: urlOf('/oauth/revocations'),
  };
}
