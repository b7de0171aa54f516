import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import type { Transport } from '../core/credential.js';
import { AppError } from '../core/app-error.js';
import { AnswerHead } from '../http/answer.js';
import { RequestView } from '../http/request-view.js';
import { UsersService } from '../users/users.service.js';
import { AuthService } from './auth.service.js';
import { CarriedCredential } from './carried-credential.js';
import type { LoginAnswerDto } from './dto/login-answer.dto.js';
import { KnownDevices } from './known-devices.js';
import { LoginAnswers } from './login-answers.js';
import type { Proof } from './proof.js';

/** How an application has made sure of who somebody is, and how their client is to carry its credential. */
export interface HostLogin {
  /** What the proof consisted of (RFC 8176): `['sso']`, say. */
  readonly amr: readonly string[];
  /** How strong it was (RFC 9470). Default `aal1`. */
  readonly acr?: string;
  /** Default `cookie`. */
  readonly transport?: Transport;
}

/** Opens a session for somebody who has proved who they are, and hands its credential to their client. */
@Injectable()
export class Logins {
  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
    private readonly carried: CarriedCredential,
    private readonly answers: LoginAnswers,
    private readonly devices: KnownDevices,
    private readonly clock: Clock,
  ) {}

  /** Throws `session_limit_reached`, and `login_failed` when the user was changed since the proof. */
  async open(proof: Proof, transport: Transport, request: RequestView, head: AnswerHead): Promise<LoginAnswerDto> {
    // The cookies are about to be overwritten: the session they carry could never be used or ended again.
    if (transport === 'cookie' && request.authorization === undefined) {
      await this.auth.logout(this.carried.any(request, undefined), request);
    }
    const answer = this.answers.give(await this.auth.login(proof, transport, request), request, head);
    if (transport === 'cookie') head.setCookies(this.devices.cookiesAfterLogin(request, proof.user));
    return answer;
  }

  /**
   * For a route of an application's own that has made sure of a user by itself, by single sign-on, say. The proof is the
   * application's to judge, and so is whether the request was forged. Throws `login_failed` for a user who is not there or disabled,
   * and what `open` throws.
   *
   * ```ts
   * @Public()
   * @Get('sso/callback')
   * async callback(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
   *   return this.logins.openFor(await this.sso.userOf(request), { amr: ['sso'] }, request, response);
   * }
   * ```
   *
   * @param request Express's or Fastify's own, and so is `response`.
   */
  async openFor(
    userId: string,
    { amr, acr = 'aal1', transport = 'cookie' }: HostLogin,
    request: object,
    response: object,
  ): Promise<LoginAnswerDto> {
    const at = this.clock.now();
    const user = await this.users.find(userId);
    if (user?.status !== 'active') throw new AppError('login_failed');
    return this.open({ user, amr, acr, at }, transport, RequestView.of(request), AnswerHead.of(response));
  }
}
