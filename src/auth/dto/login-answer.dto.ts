import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AuthMode, Transport } from '../../core/credential.js';
import { SessionDto } from '../../sessions/dto/session.dto.js';
import { UserDto } from '../../users/dto/user.dto.js';

export class MeDto {
  @ApiProperty({ type: UserDto })
  user: UserDto;

  @ApiProperty({ type: SessionDto })
  session: SessionDto;
}

/** What a login, a refresh and a password change answer, the same in both modes. */
export class LoginAnswerDto extends MeDto {
  @ApiProperty({ enum: ['Bearer'] })
  tokenType: 'Bearer';

  @ApiProperty({ description: 'Seconds until the access token stops working if it is not used again.', example: 1800 })
  expiresIn: number;

  @ApiPropertyOptional({ description: 'Bearer transport: goes into the Authorization header, in both modes.' })
  accessToken?: string;

  @ApiPropertyOptional({ description: 'Bearer transport in jwt mode: goes into the body of POST /auth/refresh.' })
  refreshToken?: string;
}

export class AuthConfigDto {
  @ApiProperty({ enum: ['session', 'jwt'], description: 'What a login issues.' })
  mode: AuthMode;

  @ApiProperty({ enum: ['session', 'jwt'], isArray: true, description: 'Which credentials are honoured.' })
  accept: AuthMode[];

  @ApiProperty({ enum: ['cookie', 'bearer'], isArray: true })
  transports: Transport[];

  @ApiProperty({ enum: ['postgres', 'redis', 'memory'] })
  store: 'postgres' | 'redis' | 'memory';

  @ApiProperty({ example: 1800 })
  sessionIdleSeconds: number;

  @ApiProperty({ example: 43200 })
  sessionAbsoluteSeconds: number;

  @ApiProperty({ example: 300 })
  accessTokenSeconds: number;

  @ApiProperty({ example: 10 })
  refreshGraceSeconds: number;

  @ApiProperty({ example: 10 })
  sessionMaxPerUser: number;

  @ApiProperty({ enum: ['evict-oldest', 'reject'] })
  sessionLimitPolicy: 'evict-oldest' | 'reject';

  @ApiProperty({ example: 15 })
  passwordMinLength: number;

  @ApiProperty({
    description: 'Seconds after which a session ended on one instance is refused by every other: 0 means at once.',
    example: 0,
  })
  revocationBoundSeconds: number;
}
