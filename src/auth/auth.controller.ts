import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { AppError } from '../core/app-error.js';
import type { Transport } from '../core/credential.js';
import { Answer, AnswerHead } from '../http/answer.js';
import { ApiClosed, ApiProblems } from '../http/api-problems.js';
import { SetsCookies } from '../http/cross-origin.guard.js';
import { CurrentUser, type Principal, Public } from '../http/principal.js';
import { Incoming, type RequestView } from '../http/request-view.js';
import { deviceName } from '../sessions/device-name.js';
import { SessionDto } from '../sessions/dto/session.dto.js';
import type { Session } from '../sessions/session.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { UserDto } from '../users/dto/user.dto.js';
import type { User } from '../users/user.js';
import { UsersService } from '../users/users.service.js';
import { AuthService, type Device, type LoggedIn } from './auth.service.js';
import { type Carried, CarriedCredential } from './carried-credential.js';
import { CredentialCookies } from './credential-cookies.js';
import { LoginDto, PasswordDto, RefreshDto, RegisterDto } from './dto/login.dto.js';
import { LoginAnswerDto, MeDto } from './dto/login-answer.dto.js';
import { LocalGuard } from './local.guard.js';
import { refusalOf } from './refusal.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly carried: CarriedCredential,
    private readonly cookies: CredentialCookies,
  ) {}

  @Public()
  @Post('register')
  @ApiOperation({ summary: 'Open an account' })
  @ApiCreatedResponse({ type: UserDto })
  @ApiProblems('email_taken', 'validation_failed', 'password_too_weak', 'csrf_rejected', 'service_unavailable')
  async register(@Body() { email, password, name }: RegisterDto): Promise<UserDto> {
    return UserDto.of(await this.users.register(email, password, name ?? null));
  }

  @Public()
  @SetsCookies()
  @UseGuards(LocalGuard)
  @Post('login')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Log in on this device',
    description: 'Cookies by default; tokens in the body with `"transport": "bearer"`.',
  })
  @ApiBody({ type: LoginDto })
  @ApiOkResponse({ type: LoginAnswerDto })
  @ApiProblems('login_failed', 'session_limit_reached', 'validation_failed', 'csrf_rejected', 'service_unavailable')
  async login(
    @Incoming() request: RequestView & { user: User },
    @Body() dto: LoginDto,
    @Answer() head: AnswerHead,
  ): Promise<LoginAnswerDto> {
    const transport = dto.transport ?? 'cookie';
    // The cookies are about to be overwritten: the session they carry could never be used or ended again.
    if (transport === 'cookie' && request.headers.authorization === undefined) {
      await this.auth.logout(this.carried.any(request, undefined));
    }
    return this.answer(await this.auth.login(request.user, transport, deviceOf(request)), transport, request, head);
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({ summary: 'Replace the credential by a new one and stay logged in' })
  @ApiBody({ type: RefreshDto, required: false, examples: { cookies: { value: {} } } })
  @ApiOkResponse({ type: LoginAnswerDto })
  @ApiProblems(
    'credentials_missing',
    'token_invalid',
    'token_superseded',
    'token_reused',
    'session_expired',
    'session_revoked',
    'csrf_rejected',
    'service_unavailable',
  )
  async refresh(
    @Incoming() request: RequestView,
    @Body() dto: RefreshDto,
    @Answer() head: AnswerHead,
  ): Promise<LoginAnswerDto> {
    const carried = this.carried.refresh(request, dto?.refreshToken);
    if (!carried) throw new AppError('credentials_missing');
    const renewed = await this.refreshing(carried, head);
    return this.answer(renewed, carried.transport, request, head);
  }

  @Public()
  @Post('logout')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Log this device out',
    description: 'Also answers 204 for a credential that is dead already.',
  })
  @ApiBody({ type: RefreshDto, required: false, examples: { cookies: { value: {} } } })
  @ApiNoContentResponse({ description: 'Logged out.' })
  @ApiProblems('csrf_rejected', 'service_unavailable')
  async logout(@Incoming() request: RequestView, @Body() dto: RefreshDto, @Answer() head: AnswerHead): Promise<void> {
    const isBearer = dto?.refreshToken !== undefined || request.headers.authorization !== undefined;
    await this.auth.logout(this.carried.any(request, dto?.refreshToken));
    if (isBearer) return;
    head.setCookies(this.cookies.cleared());
    head.setHeader('Clear-Site-Data', '"cache", "storage"');
  }

  @Get('me')
  @ApiClosed()
  @ApiOperation({ summary: 'Welcome: who am I, and in which session' })
  @ApiOkResponse({ type: MeDto })
  async me(@CurrentUser() me: Principal, @Incoming() request: { session?: Session | null }): Promise<MeDto> {
    const [user, session] = await Promise.all([
      this.users.find(me.userId),
      request.session ?? this.liveSession(me.sessionId),
    ]);
    if (!user) throw refusalOf('revoked');
    return { user: UserDto.of(user), session: SessionDto.of(session) };
  }

  @Post('password')
  @HttpCode(200)
  @ApiClosed()
  @ApiOperation({
    summary: 'Change my password',
    description: 'Ends every session of mine and opens a fresh one here.',
  })
  @ApiOkResponse({ type: LoginAnswerDto })
  @ApiProblems('current_password_wrong', 'csrf_rejected', 'validation_failed', 'password_too_weak')
  async password(
    @CurrentUser() me: Principal,
    @Incoming() request: RequestView,
    @Body() { currentPassword, newPassword }: PasswordDto,
    @Answer() head: AnswerHead,
  ): Promise<LoginAnswerDto> {
    const changed = await this.auth.changePassword(
      me.userId,
      currentPassword,
      newPassword,
      me.transport,
      deviceOf(request),
    );
    return this.answer(changed, me.transport, request, head);
  }

  private async refreshing(carried: Carried, head: AnswerHead): Promise<LoggedIn> {
    try {
      return await this.auth.refresh(carried);
    } catch (error) {
      // A superseded token leaves the cookies alone: the jar may already hold the newer ones.
      const isDead = error instanceof AppError && error.status === 401 && error.code !== 'token_superseded';
      if (isDead && carried.transport === 'cookie') head.setCookies(this.cookies.cleared());
      throw error;
    }
  }

  private async liveSession(sessionId: string): Promise<Session> {
    const found = await this.sessions.find(sessionId);
    if (found.state !== 'live') throw refusalOf(found.state);
    return found.holder.session;
  }

  private answer(
    { user, holder, issued }: LoggedIn,
    transport: Transport,
    request: RequestView,
    head: AnswerHead,
  ): LoginAnswerDto {
    const { accessToken, refreshToken, expiresIn } = issued;
    const base = { user: UserDto.of(user), session: SessionDto.of(holder.session), tokenType: 'Bearer' as const };
    if (transport === 'cookie') {
      head.setCookies(this.cookies.holding(issued, holder.session, request));
      return { ...base, expiresIn };
    }
    return { ...base, accessToken, expiresIn, ...(refreshToken !== null && { refreshToken }) };
  }
}

function deviceOf(request: RequestView): Device {
  const userAgent = request.headers['user-agent'];
  return {
    name: deviceName(typeof userAgent === 'string' ? userAgent : undefined),
    ip: request.ip?.replace(/^::ffff:(?=\d+\.)/i, '') ?? null,
  };
}
