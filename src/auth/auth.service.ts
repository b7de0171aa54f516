import { Injectable } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { Clock } from '../core/clock.js';
import type { Transport } from '../core/credential.js';
import { deviceName } from '../core/device-name.js';
import { addressOf, type Origin } from '../core/origin.js';
import { SharedActs } from '../core/shared-acts.js';
import type { Principal } from '../http/principal.js';
import { actedBy, type RequestView } from '../http/request-view.js';
import type { User } from '../users/user.js';
import { UsersService } from '../users/users.service.js';
import { modeOfToken } from '../sessions/opaque-token.js';
import { refusalOf } from '../sessions/refusal.js';
import type { EndReason, Session } from '../sessions/session.js';
import { type Held, SessionsService } from '../sessions/sessions.service.js';
import { AccessTokens } from './access-tokens.js';
import { AccountsService } from './accounts.service.js';
import { AcceptedStrategies, type Issued } from './auth.strategy.js';
import type { Carried } from './carried-credential.js';
import { byPassword, type Proof } from './proof.js';
import { SessionClaims } from './session-claims.js';

export interface LoggedIn {
  readonly user: User;
  readonly session: Session;
  readonly issued: Issued;
}

/**
 * What both modes do alike: log in, refresh, log out. How a session becomes a credential is the strategy's.
 *
 * @example
 * const { issued } = await auth.login(proof, 'bearer', request);
 * await auth.logout([{ token: issued.accessToken, transport: 'bearer' }], request);
 */
@Injectable()
export class AuthService {
  private readonly renewals = new SharedActs<{ held: Held; user: User }>();

  constructor(
    private readonly strategies: AcceptedStrategies,
    private readonly sessions: SessionsService,
    private readonly accessTokens: AccessTokens,
    private readonly users: UsersService,
    private readonly accounts: AccountsService,
    private readonly claims: SessionClaims,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a session for a proof. Throws `session_limit_reached`, `login_failed` when the user was changed meanwhile, and whatever
   * keeps the application from saying the user's claims.
   */
  async login({ user, amr, acr, at }: Proof, transport: Transport, request: RequestView): Promise<LoggedIn> {
    const { id: userId, authEpoch, roles } = user;
    const { mode } = this.strategies.issuing;
    const claims = await this.claims.of(user);
    const [device, ip] = [deviceName(request.userAgent), addressOf(request)];
    const origin = actedBy(userId, request);
    // By the monotonic clock alone: a wall clock that jumps must not date the proof to before a change that it came after.
    const provedMsAgo = this.clock.now().monotonic - at.monotonic;
    const login = { userId, authEpoch, roles, mode, transport, device, ip, amr, acr, claims, provedMsAgo };
    const held = await this.sessions.open(login, origin);
    return this.handOver(user, held, transport);
  }

  /**
   * Replaces the long-lived token. Everyone who presents it within the grace window is handed the same successor; those of one
   * moment share the statements, so that the tabs of one session never take every connection to the stores.
   */
  async refresh(carried: readonly Carried[], origin: Origin): Promise<LoggedIn> {
    let refusal = new AppError('credentials_missing');
    for (const candidate of carried) {
      try {
        return await this.refreshBy(candidate, origin);
      } catch (error) {
        if (!(error instanceof AppError) || error.getStatus() !== 401) throw error;
        // Of several cookies those that were planted are nobody's: what became of our own is worth telling.
        if (refusal.code === 'credentials_missing' || error.code !== 'token_invalid') refusal = error;
      }
    }
    throw refusal;
  }

  private async refreshBy({ token, transport, session }: Carried, origin: Origin): Promise<LoggedIn> {
    const presented = modeOfToken(token);
    if (!presented || !this.strategies.accepts(presented)) throw new AppError('token_invalid');
    const renewal = await this.renewals.share(`${transport} ${session ?? ''} ${token}`, () =>
      this.renew({ token, transport, session }, origin),
    );
    return this.handOver(renewal.user, renewal.held, transport);
  }

  /** Ends the session of each authentic credential in `carried`, current or replaced, run out or not. */
  async logout(carried: readonly Carried[], origin: Origin): Promise<void> {
    for (const { token } of carried) await this.endBy(token, 'logout', origin);
  }

  /** Ends the session of a token of any kind. Nothing happens when it is not genuine, or its session dead. */
  async endBy(token: string, reason: EndReason, origin: Origin): Promise<void> {
    if (modeOfToken(token)) return this.sessions.endBy(token, reason, origin);
    const claims = this.accessTokens.read(token);
    if (claims) await this.sessions.endNamed({ userId: claims.sub, sessionId: claims.sid }, reason, origin);
  }

  /**
   * Ends every session of the user, whatever it was, and opens a fresh one for the device that asks. Throws
   * `current_password_wrong`, and what a weak password throws.
   */
  async changePassword(
    { userId, transport }: Pick<Principal, 'userId' | 'transport'>,
    current: string,
    next: string,
    request: RequestView,
  ): Promise<LoggedIn> {
    const provedAt = this.clock.now();
    const user = await this.accounts.changePassword(userId, current, next, actedBy(userId, request));
    // Someone else changed this user at the same time, and that has ended this session.
    if (!user) throw refusalOf('revoked');
    return this.login(byPassword(user, provedAt), transport, request);
  }

  private async renew({ token, transport, session }: Carried, origin: Origin): Promise<{ held: Held; user: User }> {
    const { mode } = this.strategies.issuing;
    const held = await this.sessions.rotate(token, { mode, transport }, origin, session);
    const user = await this.users.find(held.holder.session.userId);
    if (!user) throw refusalOf('revoked');
    return { held, user };
  }

  /** The transport is that of this request, also where the session's own was written by another request a moment ago. */
  private handOver(user: User, held: Held, transport: Transport): LoggedIn {
    const session = { ...held.holder.session, transport };
    return { user, session, issued: this.strategies.of(session.mode).issue(held) };
  }
}
