import { HttpCode, Post, UseGuards } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import type { ProblemCode } from '../core/problem.js';
import { Answer, AnswerHead } from '../http/answer.js';
import { ApiProblems, invalid, limited } from '../http/api-problems.js';
import { OwnRoutes } from '../http/own-routes.js';
import { Public } from '../http/principal.js';
import { Incoming, type RequestView } from '../http/request-view.js';
import { SetsCookies, TakesCredential } from '../http/route-facts.js';
import { ApiBody, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '../http/swagger.js';
import { CheckedBody } from '../http/validation.js';
import { AuthService, type LoggedIn } from './auth.service.js';
import { type Carried, CarriedCredential } from './carried-credential.js';
import { LOGIN_EXAMPLES, LoginDto, REFRESH_EXAMPLES, RefreshDto } from './dto/login.dto.js';
import { LOGIN_ANSWER_EXAMPLES, LoginAnswerDto, SET_COOKIE } from './dto/login-answer.dto.js';
import { LocalGuard, Proven } from './local.guard.js';
import { LoginAnswers } from './login-answers.js';
import { Logins } from './logins.js';
import type { Proof } from './proof.js';

const SESSION_IS_OVER: ReadonlySet<ProblemCode> = new Set(['token_reused', 'session_expired', 'session_revoked']);

const isRefreshedByBody = ({ refreshToken }: Record<string, unknown>): boolean => typeof refreshToken === 'string';

@OwnRoutes('auth')
@ApiTags('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly carried: CarriedCredential,
    private readonly answers: LoginAnswers,
    private readonly logins: Logins,
  ) {}

  @Public()
  @SetsCookies(({ transport }) => transport === 'bearer')
  @UseGuards(LocalGuard)
  @Post('login')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Log in on this device',
    description:
      'Opens a session. By cookie (the default) the browser holds the credential, and no script can read it. With ' +
      '`"transport": "bearer"` no cookie is set and the tokens are in the answer.',
  })
  @ApiBody({ type: LoginDto, examples: LOGIN_EXAMPLES })
  @ApiOkResponse({
    type: LoginAnswerDto,
    examples: LOGIN_ANSWER_EXAMPLES,
    description: 'Logged in.',
    headers: SET_COOKIE,
  })
  @ApiProblems(
    'login_failed',
    'session_limit_reached',
    invalid('/transport', 'must be cookie or bearer'),
    'csrf_rejected',
    'rate_limited',
    limited('login-source'),
    'service_unavailable',
  )
  async login(
    @Incoming() request: RequestView,
    @Proven() proof: Proof,
    @CheckedBody() dto: LoginDto,
    @Answer() head: AnswerHead,
  ): Promise<LoginAnswerDto> {
    return this.logins.open(proof, dto.transport ?? 'cookie', request, head);
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  @TakesCredential(isRefreshedByBody)
  @ApiOperation({
    summary: 'Replace the credential by a new one and stay logged in',
    description:
      'Takes the `refreshToken` in the body, else the bearer in the header, else the cookies, and answers by the same ' +
      'transport. The session stays, and so does its end. The old credential works for `refreshGraceSeconds` more (see ' +
      '`GET /auth/config`); used after that it counts as stolen, and the session ends.',
  })
  @ApiBody({ type: RefreshDto, required: false, examples: REFRESH_EXAMPLES })
  @ApiOkResponse({
    type: LoginAnswerDto,
    examples: LOGIN_ANSWER_EXAMPLES,
    description: 'Renewed.',
    headers: SET_COOKIE,
  })
  @ApiProblems(
    invalid('/refreshToken', 'must be text of at most 1024 bytes'),
    'credentials_missing',
    'token_invalid',
    'token_superseded',
    'token_reused',
    'session_expired',
    'session_revoked',
    'csrf_rejected',
    limited('refresh-session'),
    'service_unavailable',
  )
  async refresh(
    @Incoming() request: RequestView,
    @CheckedBody() dto: RefreshDto,
    @Answer() head: AnswerHead,
  ): Promise<LoginAnswerDto> {
    const carried = this.carried.refresh(request, dto?.refreshToken);
    return this.answers.give(await this.refreshing(carried, request, head), request, head);
  }

  @Public()
  @Post('logout')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Log this device out',
    description:
      'Ends the session of the credential in the body, the header or the cookies, which are cleared. Other devices stay ' +
      'logged in. Also answers 204 for a credential that is dead already.',
  })
  @TakesCredential(isRefreshedByBody)
  @ApiBody({ type: RefreshDto, required: false, examples: REFRESH_EXAMPLES })
  @ApiNoContentResponse({
    description: 'Logged out.',
    headers: { 'Clear-Site-Data': { description: 'By cookie only.', schema: { type: 'string' } }, ...SET_COOKIE },
  })
  @ApiProblems(invalid('/refreshToken', 'must be text of at most 1024 bytes'), 'csrf_rejected', 'service_unavailable')
  async logout(
    @Incoming() request: RequestView,
    @CheckedBody() dto: RefreshDto,
    @Answer() head: AnswerHead,
  ): Promise<void> {
    const isBearer = dto?.refreshToken !== undefined || request.authorization !== undefined;
    await this.auth.logout(this.carried.any(request, dto?.refreshToken), request);
    if (isBearer) return;
    this.answers.clear(head);
    head.setHeader('Clear-Site-Data', '"cache", "storage"');
  }

  private async refreshing(carried: readonly Carried[], request: RequestView, head: AnswerHead): Promise<LoggedIn> {
    try {
      return await this.auth.refresh(carried, request);
    } catch (error) {
      // Others leave the cookies alone: the jar may hold newer ones by now, or a cookie that another host has planted.
      const isOver = error instanceof AppError && SESSION_IS_OVER.has(error.code);
      if (isOver && carried.some(({ transport }) => transport === 'cookie')) this.answers.clear(head);
      throw error;
    }
  }
}
