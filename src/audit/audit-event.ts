/** What the audit trail tells of. Names follow the OWASP Logging Vocabulary where it has one. */
export type AuditEvent =
  | 'authn_login_success'
  | 'authn_login_fail'
  | 'authn_password_change'
  | 'authn_password_change_fail'
  | 'authn_token_refresh_fail'
  | 'authn_token_revoked'
  | 'authn_token_reuse'
  | 'authz_change'
  | 'authz_fail'
  | 'excess_sessions_exceeded'
  | 'user_created';

/** What a client could cause without end: the same of these, of the same session and from the same address, is told once a minute. */
export const TOLD_SELDOM: ReadonlySet<AuditEvent> = new Set(['authn_token_refresh_fail', 'authz_fail']);
