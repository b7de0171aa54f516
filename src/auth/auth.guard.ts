import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError } from '../core/app-error.js';
import { type Principal, PUBLIC, ROLES } from '../http/principal.js';
import type { RequestView } from '../http/request-view.js';
import type { Session } from '../sessions/session.js';
import { AcceptedStrategies, type AuthStrategy } from './auth.strategy.js';
import { CarriedCredential } from './carried-credential.js';

type GuardedRequest = RequestView & { principal?: Principal; session?: Session | null };

/** Closed: lets a request pass only with a credential that one of its strategies knows to be alive. */
@Injectable()
export class CredentialGuard implements CanActivate {
  constructor(
    protected readonly reflector: Reflector,
    private readonly carried: CarriedCredential,
    private readonly strategies: readonly AuthStrategy[],
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const credential = this.carried.access(request);
    if (!credential) throw new AppError('credentials_missing');
    // The credential's own shape names the strategy: no two are ever tried.
    const strategy = this.strategies.find((candidate) => candidate.recognises(credential.token));
    if (!strategy) throw new AppError('token_invalid');
    const { principal, session } = await strategy.authenticate(credential.token, request);
    request.principal = { ...principal, transport: credential.transport };
    request.session = session;
    const roles = this.reflector.getAllAndOverride<string[] | undefined>(ROLES, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (roles && !roles.some((role) => principal.roles.includes(role))) throw new AppError('forbidden');
    return true;
  }
}

/** The guard of every route: closed unless `@Public()`, and open to the credentials that `AUTH_ACCEPT` names. */
@Injectable()
export class AuthGuard extends CredentialGuard {
  constructor(reflector: Reflector, carried: CarriedCredential, accepted: AcceptedStrategies) {
    super(reflector, carried, accepted.all);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    return isPublic || super.canActivate(context);
  }
}
