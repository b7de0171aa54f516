import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { JwtOptions } from '../auth/jwt/jwt.options.js';
import { Public } from '../http/principal.js';
import { CACHEABLE } from './jwks.controller.js';

const CLIENT_AUTHENTICATION = ['client_secret_basic', 'client_secret_post'];

@ApiTags('for other services')
@Public()
@Controller('.well-known')
export class MetadataController {
  constructor(private readonly options: JwtOptions) {}

  @Get('oauth-authorization-server')
  @Header('Cache-Control', CACHEABLE)
  @ApiOperation({ summary: 'What there is for other services (RFC 8414)' })
  @ApiOkResponse({
    description: 'Where they are.',
    schema: { type: 'object', required: ['issuer'], additionalProperties: true },
    example: metadataOf('https://auth.example.com'),
  })
  metadata(): Record<string, unknown> {
    return metadataOf(this.options.issuer);
  }
}

function metadataOf(issuer: string): Record<string, unknown> {
  const base = issuer.replace(/\/$/, '');
  return {
    issuer,
    jwks_uri: `${base}/.well-known/jwks.json`,
    introspection_endpoint: `${base}/oauth/introspect`,
    introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    revocation_endpoint: `${base}/oauth/revoke`,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    // RFC 8414 asks for these two; there is no authorization endpoint and no token endpoint to use them at.
    response_types_supported: [],
    grant_types_supported: [],
    sallyport_revocations_endpoint: `${base}/oauth/revocations`,
  };
}
