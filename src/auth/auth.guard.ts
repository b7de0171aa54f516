import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { admissionOf, admits, rememberPrincipal } from '@sallyport/verify/rules';
import { AppError } from '../core/app-error.js';
import type { Principal } from '../http/principal.js';
import { actedBy, type RequestView } from '../http/request-view.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Session } from '../sessions/session.js';
import { AcceptedStrategies, type AuthStrategy } from './auth.strategy.js';
import { CarriedCredential } from './carried-credential.js';

/** What a guard has found out about a request. `session` is null where finding out did not mean reading it. */
interface Found {
  readonly principal: Principal;
  readonly session: Session | null;
}

// Beside the request and not on it: nothing a client sends, and no other library, can put anything there.
const known = new WeakMap<object, Found>();

/** The session of this request where authenticating it meant reading that anyway; else null. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session | null => {
  return known.get(context.switchToHttp().getRequest<object>())?.session ?? null;
});

/** Closed: lets a request pass only with a credential that one of its strategies knows to be alive. */
export abstract class CredentialGuard implements CanActivate {
  constructor(
    private readonly carried: CarriedCredential,
    private readonly strategies: readonly AuthStrategy[],
    private readonly audit: AuditTrail,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RequestView>();
    const principal = this.foundBefore(request) ?? (await this.authenticate(request));
    if (admits(admissionOf(context), principal)) return true;
    const { userId, sessionId } = principal;
    this.audit.tell('authz_fail', { userId, sessionId }, actedBy(userId, request));
    throw new AppError('forbidden');
  }

  /** What a guard before this one has found out is not asked for again; only the credential must be of a kind that opens here. */
  private foundBefore(request: RequestView): Principal | null {
    const principal = known.get(request)?.principal;
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
    known.set(request, { principal, session });
    rememberPrincipal(request, principal);
    return principal;
  }
}

/**
 * The guard of every route: closed unless `@Public()`, and open to the credentials that `AUTH_ACCEPT` names. `AuthModule` provides
 * it as `APP_GUARD`, so that a new route is closed from the start.
 */
@Injectable()
export class AuthGuard extends CredentialGuard {
  constructor(carried: CarriedCredential, accepted: AcceptedStrategies, audit: AuditTrail) {
    super(carried, accepted.all, audit);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    return admissionOf(context) === 'everybody' || super.canActivate(context);
  }
}
