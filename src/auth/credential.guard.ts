import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { admissionOf, admits } from '@sallyport/verify/rules';
import { AppError } from '../core/app-error.js';
import type { AuditTrail } from '../core/audit-trail.js';
import type { Principal } from '../http/principal.js';
import { actedBy, type RequestView } from '../http/request-view.js';
import type { AuthStrategy } from './auth.strategy.js';
import { authenticatedOf, rememberAuthenticated } from './authenticated-request.js';
import type { CarriedCredential } from './carried-credential.js';

/** Closed: lets a request pass only with a credential that one of its strategies knows to be alive. */
export abstract class CredentialGuard implements CanActivate {
  constructor(
    private readonly carried: CarriedCredential,
    private readonly strategies: readonly AuthStrategy[],
    private readonly audit: AuditTrail,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RequestView>();
    const principal = this.known(request) ?? (await this.authenticate(request));
    if (!admits(admissionOf(context), principal)) {
      const { userId, sessionId } = principal;
      await this.audit.write('authz_fail', { userId, sessionId }, actedBy(userId, request));
      throw new AppError('forbidden');
    }
    return true;
  }

  /** What a guard before this one has found out is not asked for again; only the credential must be of a kind that opens here. */
  private known(request: RequestView): Principal | null {
    const principal = authenticatedOf(request)?.principal;
    if (!principal) return null;
    if (!this.strategies.some(({ mode }) => mode === principal.mode)) throw new AppError('token_invalid');
    return principal;
  }

  private async authenticate(request: RequestView): Promise<Principal> {
    const credential = this.carried.access(request);
    if (!credential) throw new AppError('credentials_missing');
    // The credential's own shape names the strategy: no two are ever tried.
    const strategy = this.strategies.find((candidate) => candidate.recognises(credential.token));
    if (!strategy) throw new AppError('token_invalid');
    const { principal: found, session } = await strategy.authenticate(credential.token, request);
    const principal = { ...found, transport: credential.transport };
    rememberAuthenticated(request, { principal, session });
    return principal;
  }
}
