import { Injectable, Logger } from '@nestjs/common';

/** Names follow the OWASP Logging Vocabulary. */
export type AuditEvent =
  | 'authn_login_success'
  | 'authn_login_fail'
  | 'authn_password_change'
  | 'authn_password_change_fail'
  | 'authn_token_revoked'
  | 'authn_token_reuse'
  | 'authz_change'
  | 'authz_fail'
  | 'excess_sessions_exceeded'
  | 'user_created';

/** What happened to whom: ids only, never a credential. One line of the log each. */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger('audit');

  write(event: AuditEvent, about: { userId?: string; sessionId?: string; reason?: string; count?: number }): void {
    const entry = { event, ...about };
    if (event === 'authn_token_reuse') this.logger.warn(entry);
    else this.logger.log(entry);
  }
}
