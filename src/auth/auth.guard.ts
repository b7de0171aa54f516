import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { admissionOf, admits, forgetPrincipal, rememberPrincipal } from '@sallyport/verify/rules';
import { AuditTrail } from '../audit/audit-trail.js';
import { AppError } from '../core/app-error.js';
import { AnswerHead } from '../http/answer.js';
import { CrossOrigin } from '../http/cross-origin.js';
import type { Principal } from '../http/principal.js';
import { refusalHeaders } from '../http/refusal-answer.js';
import { actedBy, RequestView } from '../http/request-view.js';
import { routeOf } from '../http/route-facts.js';
import type { Session } from '../sessions/session.js';
import { AcceptedStrategies, type AuthStrategy } from './auth.strategy.js';
import { CarriedCredential } from './carried-credential.js';

/** What a guard has found out about a request. `session` is null where finding out did not mean reading it. */
interface Found {
  readonly principal: Principal;
  readonly session: Session | null;
}

// Beside the request and not on it: nothing a client sends, and no other library, can put anything there.
const known = new WeakMap<RequestView, Found>();

/** The session of this request where authenticating it meant reading that anyway; else null. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session | null => {
  return known.get(RequestView.in(context))?.session ?? null;
});

/** What every guard of ours needs: one thing, so that a guard can be put on a route of any module. */
@Injectable()
export class GuardParts {
  constructor(
    readonly carried: CarriedCredential,
    readonly accepted: AcceptedStrategies,
    readonly crossOrigin: CrossOrigin,
    readonly audit: AuditTrail,
  ) {}
}

/** Closed: lets a request pass only with a credential that one of its strategies knows to be alive. */
@Injectable()
export abstract class CredentialGuard implements CanActivate {
  constructor(protected readonly parts: GuardParts) {}

  protected abstract readonly strategies: readonly AuthStrategy[];

  async canActivate(context: ExecutionContext): Promise<boolean> {
    try {
      return await this.admit(context, RequestView.in(context));
    } catch (error) {
      // Whatever filter an application has for its routes, a 401 carries its challenge and a 503 its delay.
      if (error instanceof AppError && !routeOf(context).isOwn) announce(error, context);
      throw error;
    }
  }

  private async admit(context: ExecutionContext, request: RequestView): Promise<boolean> {
    const principal = this.foundBefore(context, request) ?? (await this.authenticate(context, request));
    if (admits(admissionOf(context), principal)) return true;
    const { userId, sessionId } = principal;
    this.parts.audit.tell('authz_fail', { userId, sessionId }, actedBy(userId, request));
    throw new AppError('forbidden');
  }

  /** What a guard before this one has found out is not asked for again; only the credential must be of a kind that opens here. */
  protected foundBefore(context: ExecutionContext, request: RequestView): Principal | null {
    // A socket outlives the request that has opened it, and may outlive the session: each message is asked about anew.
    const principal = isOfSocket(context, request) ? undefined : known.get(request)?.principal;
    if (!principal) return null;
    if (!this.strategies.some(({ mode }) => mode === principal.mode)) throw new AppError('token_invalid');
    return principal;
  }

  /** Who is asking, by the credential that the request carries. Throws the 401 that says what is wrong with it. */
  protected async authenticate(context: ExecutionContext, request: RequestView): Promise<Principal> {
    const { carried, crossOrigin } = this.parts;
    const credential = carried.access(request);
    if (!credential) throw new AppError('credentials_missing');
    if (credential.transport === 'cookie') crossOrigin.requireFromHere(request, isOfSocket(context, request));
    // The credential's own shape names the strategy: no two are ever tried.
    const strategy = this.strategies.find((candidate) => candidate.recognises(credential.token));
    if (!strategy) throw new AppError('token_invalid');
    const { principal: found, session } = await strategy.authenticate(credential.token, request);
    const principal = { ...found, transport: credential.transport };
    known.set(request, { principal, session });
    rememberPrincipal(request.raw, principal);
    return principal;
  }
}

/**
 * The guard of every route: closed unless `@Public()`, and open to the credentials that `AUTH_ACCEPT` names. A public route of an
 * application hears from `@CurrentUser()` who is asking, if a good credential says so. `AuthModule` provides it as `APP_GUARD`, so
 * that a new route is closed from the start; a test may override it by its name.
 */
@Injectable()
export class AuthGuard extends CredentialGuard {
  protected readonly strategies = this.parts.accepted.all;

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (admissionOf(context) !== 'everybody') return super.canActivate(context);
    // Our own open routes read for themselves what they need.
    if (!routeOf(context).isOwn) await this.identify(context, RequestView.in(context));
    return true;
  }

  /** Whoever cannot be believed is nobody here. That nobody can be asked is another matter: 503. */
  private async identify(context: ExecutionContext, request: RequestView): Promise<void> {
    try {
      if (!this.foundBefore(context, request)) await this.authenticate(context, request);
    } catch (error) {
      if (!(error instanceof AppError) || error.getStatus() >= 500) throw error;
      known.delete(request);
      forgetPrincipal(request.raw);
    }
  }
}

/** In place of `AuthGuard`, where an application guards its routes by itself: ours stay closed. */
@Injectable()
export class OwnRoutesGuard implements CanActivate {
  constructor(private readonly guard: AuthGuard) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return !routeOf(context).isOwn || this.guard.canActivate(context);
  }
}

/** Whether the request has opened a socket. Resolvers of GraphQL are called by sockets, too, and see its request alone. */
function isOfSocket(context: ExecutionContext, { headers }: RequestView): boolean {
  return context.getType() === 'ws' || headers.upgrade !== undefined;
}

function announce(error: AppError, context: ExecutionContext): void {
  if (context.getType() === 'http') {
    AnswerHead.of(context.switchToHttp().getResponse<object>()).setHeaders(refusalHeaders(error));
  }
}
