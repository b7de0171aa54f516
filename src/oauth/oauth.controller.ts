import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuthService } from '../auth/auth.service.js';
import { Public } from '../http/principal.js';
import { Incoming, type RequestView } from '../http/request-view.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { ApiOauthErrors } from './api-oauth-errors.js';
import { ClientGuard } from './client.guard.js';
import { type Introspection, IntrospectionService } from './introspection.service.js';
import { tokenParameter } from './token-parameter.js';

const FORM = { schema: { type: 'object', required: ['token'], properties: { token: { type: 'string' } } } };

@ApiTags('for other services')
@ApiBasicAuth('client')
@ApiOauthErrors()
@ApiConsumes('application/x-www-form-urlencoded')
@Public()
@UseGuards(ClientGuard)
@Controller('oauth')
export class OauthController {
  constructor(
    private readonly introspection: IntrospectionService,
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
  ) {}

  @Post('introspect')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What an access token of either kind is worth now (RFC 7662)',
    description: 'May be cached for at most 30 s and never past `exp`.',
  })
  @ApiBody(FORM)
  @ApiOkResponse({ schema: { example: { active: false } } })
  async introspect(@Incoming() request: RequestView): Promise<Introspection> {
    return this.introspection.introspect(tokenParameter(request));
  }

  @Post('revoke')
  @HttpCode(200)
  @ApiOperation({
    summary: 'End the session that a token belongs to (RFC 7009)',
    description: 'Takes any authentic token of the session, current or replaced. 200 also for a token nobody knows.',
  })
  @ApiBody(FORM)
  @ApiOkResponse({ description: 'It opens nothing any more.' })
  async revoke(@Incoming() request: RequestView): Promise<void> {
    const named = await this.auth.sessionOf(tokenParameter(request));
    if (named) await this.sessions.end(named.userId, named.sessionId, 'revoked_by_client');
  }
}
