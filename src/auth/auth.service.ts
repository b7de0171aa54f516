import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../core/app-error.js';
import { AuditLog } from '../core/audit-log.js';
import type { AuthMode, Transport } from '../core/credential.js';
import { digestToken, mintToken, newSalt, successorOf, tokenKind } from '../core/opaque-token.js';
import type { Holder } from '../sessions/session.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { TokenStore } from '../sessions/token.store.js';
import type { User } from '../users/user.js';
import { UsersService } from '../users/users.service.js';
import { AcceptedStrategies, AuthStrategy, type Issued } from './auth.strategy.js';
import type { Carried } from './carried-credential.js';
import type { Device } from './device.js';
import { refusalOf } from './refusal.js';

export interface LoggedIn {
  readonly user: User;
  readonly holder: Holder;
  readonly issued: Issued;
}

/** What both modes do alike. How a session becomes a credential is the strategy's. */
@Injectable()
export class AuthService {
  constructor(
    /** What a login issues. */
    private readonly strategy: AuthStrategy,
    private readonly accepted: AcceptedStrategies,
    private readonly sessions: SessionsService,
    private readonly tokens: TokenStore,
    private readonly users: UsersService,
    private readonly audit: AuditLog,
  ) {}

  /** Opens a session. Throws `session_limit_reached`, or `login_failed` when the user was changed meanwhile. */
  async login(user: User, transport: Transport, device: Device): Promise<LoggedIn> {
    const token = mintToken(this.strategy.tokenKind);
    const opening = await this.sessions.open({
      id: uuidv7(),
      userId: user.id,
      authEpoch: user.authEpoch,
      roles: user.roles,
      mode: this.strategy.mode,
      transport,
      device: device.name,
      ip: device.ip,
      tokenDigest: digestToken(token),
    });
    if (opening.outcome === 'user_changed') throw new AppError('login_failed');
    if (opening.outcome === 'limit_reached') throw new AppError('session_limit_reached');
    this.audit.write('authn_login_success', { userId: user.id, sessionId: opening.session.id });
    const holder = { session: opening.session, roles: user.roles };
    return { user, holder, issued: this.strategy.issue(holder, token) };
  }

  /** Replaces the long-lived token. Everyone who presents it within the grace window is handed the same successor. */
  async refresh({ token, transport }: Carried): Promise<LoggedIn> {
    if (!this.isAccepted(token)) throw new AppError('token_invalid');
    const salt = newSalt();
    const digest = digestToken(token);
    const successor = successorOf(token, salt, this.strategy.tokenKind);
    const { mode } = this.strategy;
    const rotation = await this.tokens.rotate({
      digest,
      successorDigest: digestToken(successor),
      salt,
      mode,
      transport,
    });
    if (rotation.verdict !== 'rotated' && rotation.verdict !== 'replayed') {
      if (rotation.verdict === 'reused') this.sessions.noteEnded([rotation.sessionId], rotation.userId, 'token_reused');
      throw refusalOf(rotation.verdict);
    }
    const { session } = rotation.holder;
    const issuer = this.strategyOf(session.mode);
    const current = rotation.verdict === 'rotated' ? successor : successorOf(token, rotation.salt, issuer.tokenKind);
    const user = await this.users.find(session.userId);
    if (!user) throw refusalOf('revoked');
    const holder = { session: { ...session, transport }, roles: rotation.holder.roles };
    return { user, holder, issued: issuer.issue(holder, current) };
  }

  /** Ends the session of any authentic credential in `carried`, current or replaced, run out or not. */
  async logout(carried: readonly Carried[]): Promise<void> {
    for (const { token } of carried) {
      const named = await this.sessionOf(token);
      if (named) await this.sessions.end(named.userId, named.sessionId, 'logout');
    }
  }

  /** The session that a token of any kind belongs to. Null when it is not genuine. */
  async sessionOf(token: string): Promise<{ sessionId: string; userId: string } | null> {
    if (tokenKind(token)) return this.tokens.sessionOf(digestToken(token));
    const strategy = this.accepted.all.find((candidate) => candidate.recognises(token));
    return strategy ? strategy.sessionOf(token) : null;
  }

  /** Ends every session of the user, whatever it was, and opens a fresh one for the device that asks. */
  async changePassword(
    userId: string,
    current: string,
    next: string,
    transport: Transport,
    device: Device,
  ): Promise<LoggedIn> {
    const user = await this.users.changePassword(userId, current, next);
    // Someone else changed this user at the same time, and that has ended this session.
    if (!user) throw refusalOf('revoked');
    await this.sessions.endOlder(user.id, user.authEpoch);
    return this.login(user, transport, device);
  }

  private isAccepted(token: string): boolean {
    const kind = tokenKind(token);
    return kind !== null && this.accepted.all.some((strategy) => strategy.tokenKind === kind);
  }

  private strategyOf(mode: AuthMode): AuthStrategy {
    return this.accepted.all.find((strategy) => strategy.mode === mode) ?? this.strategy;
  }
}
