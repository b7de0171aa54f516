import { Injectable } from '@nestjs/common';
import type { Transport } from '../core/credential.js';
import type { AnswerHead } from '../http/answer.js';
import type { RequestView } from '../http/request-view.js';
import { SessionDto } from '../sessions/dto/session.dto.js';
import { UserDto } from '../users/dto/user.dto.js';
import type { LoggedIn } from './auth.service.js';
import { CredentialCookies } from './credential-cookies.js';
import type { LoginAnswerDto } from './dto/login-answer.dto.js';

/** Hands a credential to its client. */
@Injectable()
export class LoginAnswers {
  constructor(private readonly cookies: CredentialCookies) {}

  /** By the transport that the client chose: cookies, or tokens in the body. */
  give(
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
