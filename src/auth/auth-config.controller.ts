import { Get } from '@nestjs/common';
import { OwnRoutes } from '../http/own-routes.js';
import { Public } from '../http/principal.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../http/swagger.js';
import { SessionPolicy } from '../sessions/session-policy.options.js';
import { StorageOptions } from '../storage/storage.options.js';
import { PasswordPolicy } from '../users/password-policy.options.js';
import { AcceptedStrategies } from './auth.strategy.js';
import { AuthConfigDto } from './dto/login-answer.dto.js';
import { JwtOptions } from './jwt/jwt.options.js';

@OwnRoutes('auth/config')
@ApiTags('auth')
export class AuthConfigController {
  constructor(
    private readonly strategies: AcceptedStrategies,
    private readonly sessions: SessionPolicy,
    private readonly jwt: JwtOptions,
    private readonly passwords: PasswordPolicy,
    private readonly storage: StorageOptions,
  ) {}

  @Public()
  @Get()
  @ApiOperation({ summary: 'What a client may know of the settings' })
  @ApiOkResponse({ type: AuthConfigDto, description: 'The settings.' })
  show(): AuthConfigDto {
    return {
      mode: this.strategies.issuing.mode,
      accept: this.strategies.all.map(({ mode }) => mode),
      transports: ['cookie', 'bearer'],
      store: this.storage.sessionStore,
      sessionIdleSeconds: this.sessions.idleSeconds,
      sessionAbsoluteSeconds: this.sessions.absoluteSeconds,
      accessTokenSeconds: this.jwt.accessTokenSeconds,
      refreshGraceSeconds: this.sessions.graceSeconds,
      sessionMaxPerUser: this.sessions.maxPerUser,
      sessionLimitPolicy: this.sessions.limitPolicy,
      passwordMinLength: this.passwords.minLength,
      revocationBoundSeconds: Math.max(...this.strategies.all.map(({ revocationBoundMs }) => revocationBoundMs)) / 1000,
    };
  }
}
