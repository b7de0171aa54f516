import { type ExecutionContext, Injectable } from '@nestjs/common';
import { admissionOf } from '@sallyport/verify/rules';
import { AuditTrail } from '../core/audit-trail.js';
import { AcceptedStrategies } from './auth.strategy.js';
import { CarriedCredential } from './carried-credential.js';
import { CredentialGuard } from './credential.guard.js';

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
