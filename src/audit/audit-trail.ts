import { Injectable, Logger } from '@nestjs/common';
import { AUDIT } from '../core/json-logger.js';
import { addressOf, type Origin } from '../core/origin.js';

/** Names follow the OWASP Logging Vocabulary. */
export type AuditEvent =
  | 'authn_login_success'
  | 'authn_login_fail'
  | 'authn_login_lock'
  | 'authn_password_change'
  | 'authn_password_change_fail'
  | 'authn_token_revoked'
  | 'authn_token_reuse'
  | 'authz_change'
  | 'authz_fail'
  | 'excess_rate_limit_exceeded'
  | 'excess_sessions_exceeded'
  | 'user_created';

/** What an event is about: ids and words of ours, never a credential and nothing that a client wrote. */
export interface AuditSubject {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly reason?: string;
  readonly count?: number;
}

/**
 * What happened to whom, told by each act itself before the act answers.
 *
 * @example
 * await audit.write('authz_change', { userId: user.id, reason: 'role_granted admin' }, COMMAND);
 */
export abstract class AuditTrail {
  /** Resolves when the event is kept. Throws `UnavailableError` when it cannot be. */
  abstract write(event: AuditEvent, about: AuditSubject, origin: Origin): Promise<void>;
}

/** One line of the log for each event. */
@Injectable()
export class LoggedAuditTrail extends AuditTrail {
  private readonly logger = new Logger(AUDIT);

  async write(event: AuditEvent, about: AuditSubject, origin: Origin): Promise<void> {
    const { actor, requestId } = origin;
    const entry = { event, ...about, actor, requestId, address: addressOf(origin) ?? undefined };
    if (event === 'authn_token_reuse') this.logger.warn(entry);
    else this.logger.log(entry);
  }
}
