import { HttpCode, Post, UseGuards } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import { OwnRoutes } from '../http/own-routes.js';
import { Public } from '../http/principal.js';
import { actedBy, Incoming, type RequestView } from '../http/request-view.js';
import { ApiBasicAuth, ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '../http/swagger.js';
import { SpeaksOauth } from '../http/route-facts.js';
import { ApiOauthErrors } from './api-oauth-errors.js';
import { ClientGuard, CurrentClient } from './client.guard.js';
import type { OauthClient } from './clients-file.js';
import { type Introspection, IntrospectionService } from './introspection.service.js';
import { tokenParameter } from './token-parameter.js';

const TOKEN = 'ses_hP2mY0xWq7Jd3uKzV9tNcRfLs5BgEa1oIw8DTkXeU4M';
const FORM = {
  schema: { type: 'object', required: ['token'], properties: { token: { type: 'string', example: TOKEN } } },
};

const INTROSPECTED = {
  live: {
    summary: 'live',
    value: {
      active: true,
      sub: '0198c5a2-7c1e-7d3a-9d62-3f1c8f5b2a10',
      sid: '0198c5a3-11d0-7b4e-8a55-6f0e9f6b7c21',
      iss: 'https://auth.example.com',
      aud: 'sallyport',
      iat: 1767605400,
      exp: 1767607200,
      auth_time: 1767605400,
      acr: 'aal1',
      amr: ['pwd'],
      roles: ['user'],
      token_type: 'Bearer',
      client_id: 'sallyport',
    },
  },
  notLive: { summary: 'anything else', value: { active: false } },
};

@OwnRoutes('oauth')
@ApiTags('for other services')
@ApiBasicAuth('client')
@ApiOauthErrors()
@SpeaksOauth()
@ApiConsumes('application/x-www-form-urlencoded')
@Public()
@UseGuards(ClientGuard)
export class OauthController {
  constructor(
    private readonly introspection: IntrospectionService,
    private readonly auth: AuthService,
  ) {}

  @Post('introspect')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What an access token of either kind is worth now (RFC 7662)',
    description: 'May be cached for at most 30 s and never past `exp`.',
  })
  @ApiBody(FORM)
  @ApiOkResponse({
    description: 'What it is worth.',
    schema: {
      type: 'object',
      required: ['active'],
      properties: { active: { type: 'boolean' } },
      additionalProperties: true,
    },
    examples: INTROSPECTED,
  })
  async introspect(@Incoming() request: RequestView): Promise<Introspection> {
    return this.introspection.introspect(tokenParameter(request), request);
  }

  @Post('revoke')
  @HttpCode(200)
  @ApiOperation({
    summary: 'End the session that a token belongs to (RFC 7009)',
    description: 'Takes any authentic token of the session, current or replaced. 200 also for a token nobody knows.',
  })
  @ApiBody(FORM)
  @ApiOkResponse({ description: 'It opens nothing any more.' })
  async revoke(@Incoming() request: RequestView, @CurrentClient() client: OauthClient): Promise<void> {
    await this.auth.endBy(tokenParameter(request), 'revoked_by_client', actedBy(`client ${client.id}`, request));
  }
}
