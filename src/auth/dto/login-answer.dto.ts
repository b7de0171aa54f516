import type { AuthMode, Transport } from '../../core/credential.js';
import { ApiProperty, ApiPropertyOptional } from '../../http/swagger.js';
import { UserDto } from '../../users/dto/user.dto.js';
import { SessionDto } from '../../sessions/dto/session.dto.js';

const OPAQUE = 'ses_hP2mY0xWq7Jd3uKzV9tNcRfLs5BgEa1oIw8DTkXeU4M';
const JWT = 'eyJhbGciOiJFUzI1NiIs….eyJpc3MiOiJodHRwOi8v….q4wZkYHhYV1m5c…';
const REFRESH = 'ref_c6Lr1ZtQv8Xy0NaKe3WmBj7GdUs9PfHo2RiTxE5Mw4I';

export class MeDto {
  @ApiProperty({ type: UserDto })
  user: UserDto;

  @ApiProperty({ type: SessionDto })
  session: SessionDto;
}

/** What a login, a refresh and a password change answer, the same in both modes. */
export class LoginAnswerDto extends MeDto {
  @ApiProperty({ enum: ['Bearer'], example: 'Bearer' })
  tokenType: 'Bearer';

  @ApiProperty({ description: 'Seconds until the access token stops working if it is not used again.', example: 1800 })
  expiresIn: number;

  @ApiPropertyOptional({
    description: 'Bearer transport: goes into the Authorization header, in both modes.',
    example: OPAQUE,
  })
  accessToken?: string;

  @ApiPropertyOptional({
    description: 'Bearer transport in jwt mode: goes into the body of POST /auth/refresh.',
    example: REFRESH,
  })
  refreshToken?: string;
}

const AT = (time: string): string => `2026-01-05T${time}.000Z`;

const loginAnswer = (session: object, tokens: object): object => ({
  user: { id: '0198c5a2-7c1e-7d3a-9d62-3f1c8f5b2a10', email: 'ada@example.com', name: 'Ada Lovelace', roles: ['user'] },
  session: {
    id: '0198c5a3-11d0-7b4e-8a55-6f0e9f6b7c21',
    ...session,
    createdAt: AT('09:30:00'),
    idleExpiresAt: AT('10:00:00'),
    expiresAt: AT('21:30:00'),
    authTime: AT('09:30:00'),
    acr: 'aal1',
    amr: ['pwd'],
  },
  tokenType: 'Bearer',
  ...tokens,
});

export const LOGIN_ANSWER_EXAMPLES = {
  cookie: {
    summary: 'cookie, either mode',
    value: loginAnswer({ mode: 'session', transport: 'cookie' }, { expiresIn: 1800 }),
  },
  bearerInSessionMode: {
    summary: 'bearer, session mode',
    value: loginAnswer({ mode: 'session', transport: 'bearer' }, { accessToken: OPAQUE, expiresIn: 1800 }),
  },
  bearerInJwtMode: {
    summary: 'bearer, jwt mode',
    value: loginAnswer(
      { mode: 'jwt', transport: 'bearer' },
      { accessToken: JWT, expiresIn: 300, refreshToken: REFRESH },
    ),
  },
};

export class AuthConfigDto {
  @ApiProperty({ enum: ['session', 'jwt'], description: 'What a login issues.', example: 'session' })
  mode: AuthMode;

  @ApiProperty({
    enum: ['session', 'jwt'],
    isArray: true,
    description: 'Which credentials are honoured.',
    example: ['session'],
  })
  accept: AuthMode[];

  @ApiProperty({ enum: ['cookie', 'bearer'], isArray: true, example: ['cookie', 'bearer'] })
  transports: Transport[];

  @ApiProperty({
    enum: ['postgres', 'redis', 'memory', 'own'],
    description: 'Where sessions live.',
    example: 'postgres',
  })
  store: 'postgres' | 'redis' | 'memory' | 'own';

  @ApiProperty({ description: 'A session ends when it was not used for this long.', example: 1800 })
  sessionIdleSeconds: number;

  @ApiProperty({ description: 'A session ends after this long, whatever happens.', example: 43200 })
  sessionAbsoluteSeconds: number;

  @ApiProperty({ description: 'Life of an access token in jwt mode.', example: 300 })
  accessTokenSeconds: number;

  @ApiProperty({ description: 'How long a credential that was just replaced still works.', example: 10 })
  refreshGraceSeconds: number;

  @ApiProperty({ description: 'Devices that a user may be logged in on.', example: 10 })
  sessionMaxPerUser: number;

  @ApiProperty({
    enum: ['evict-oldest', 'reject'],
    description: 'What one device more does: end the one not seen for longest, or get `session_limit_reached`.',
    example: 'evict-oldest',
  })
  sessionLimitPolicy: 'evict-oldest' | 'reject';

  @ApiProperty({ description: 'In characters (Unicode code points).', example: 15 })
  passwordMinLength: number;

  @ApiProperty({
    description: 'Seconds after which a session ended on one instance is refused by every other: 0 means at once.',
    example: 0,
  })
  revocationBoundSeconds: number;
}

/** How the answer's cookies are documented. */
export const SET_COOKIE = {
  'Set-Cookie': {
    description:
      'By cookie only; `HttpOnly`: one or two that carry the credential, and after a login one that knows the device again.',
    schema: { type: 'string' },
  },
} as const;
