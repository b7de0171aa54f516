import { Get, HttpCode, Post } from '@nestjs/common';
import { Answer, AnswerHead } from '../http/answer.js';
import { ApiProblems, invalid, limited, tooWeak } from '../http/api-problems.js';
import { OwnRoutes } from '../http/own-routes.js';
import { CurrentUser, type Principal } from '../http/principal.js';
import { Incoming, type RequestView } from '../http/request-view.js';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '../http/swagger.js';
import { CheckedBody } from '../http/validation.js';
import { UserDto } from '../users/dto/user.dto.js';
import { UsersService } from '../users/users.service.js';
import { SessionDto } from '../sessions/dto/session.dto.js';
import { Liveness } from '../sessions/liveness.js';
import { refusalOf } from '../sessions/refusal.js';
import type { Session } from '../sessions/session.js';
import { CurrentSession } from './auth.guard.js';
import { AuthService } from './auth.service.js';
import { LOGIN_ANSWER_EXAMPLES, LoginAnswerDto, MeDto, SET_COOKIE } from './dto/login-answer.dto.js';
import { PasswordDto } from './dto/login.dto.js';
import { KnownDevices } from './known-devices.js';
import { LoginAnswers } from './login-answers.js';

/** What someone who is logged in does about themselves. */
@OwnRoutes('auth')
@ApiTags('auth')
export class AccountController {
  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
    private readonly liveness: Liveness,
    private readonly answers: LoginAnswers,
    private readonly devices: KnownDevices,
  ) {}

  @Get('me')
  @ApiOperation({ summary: 'Welcome: who am I, and in which session' })
  @ApiOkResponse({ type: MeDto, description: 'Welcome.' })
  async me(@CurrentUser() me: Principal, @CurrentSession() known: Session | null): Promise<MeDto> {
    const [user, session] = await Promise.all([this.users.find(me.userId), known ?? this.liveSession(me)]);
    if (!user) throw refusalOf('revoked');
    return { user: UserDto.of(user), session: SessionDto.of(session) };
  }

  @Post('password')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Change my password',
    description:
      'Ends every session of mine, this one too, and opens a fresh one here by the same transport: a bearer must be ' +
      'replaced by the one in the answer. From now on only the new password logs in.',
  })
  @ApiBody({ type: PasswordDto })
  @ApiOkResponse({
    type: LoginAnswerDto,
    examples: LOGIN_ANSWER_EXAMPLES,
    description: 'Changed, and logged in anew.',
    headers: SET_COOKIE,
  })
  @ApiProblems(
    'current_password_wrong',
    'csrf_rejected',
    limited('password-change'),
    invalid('/newPassword', 'must be text of at most 1024 bytes'),
    tooWeak('/newPassword'),
  )
  async password(
    @CurrentUser() me: Principal,
    @Incoming() request: RequestView,
    @CheckedBody() { currentPassword, newPassword }: PasswordDto,
    @Answer() head: AnswerHead,
  ): Promise<LoginAnswerDto> {
    const changed = await this.auth.changePassword(me, currentPassword, newPassword, request);
    // The device goes on being known; whatever else was known of the old user is forgotten.
    if (me.transport === 'cookie') head.setCookies(this.devices.cookiesAfterLogin(request, changed.user));
    return this.answers.give(changed, request, head);
  }

  /** A token whose session is another user's fits together in no way that we make. */
  private async liveSession({ sessionId, userId }: Principal): Promise<Session> {
    const { session } = await this.liveness.ask(sessionId);
    if (session.userId !== userId) throw refusalOf('unknown');
    return session;
  }
}
