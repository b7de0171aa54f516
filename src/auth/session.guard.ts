import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { CredentialGuard } from './auth.guard.js';
import { AcceptedStrategies } from './auth.strategy.js';
import { CarriedCredential } from './carried-credential.js';

/**
 * For a route that only a session token opens; where session mode is not accepted, nothing does.
 *
 * ```ts
 * @UseGuards(SessionGuard)
 * @Get('orders')
 * mine(@CurrentUser() me: Principal) {}
 * ```
 */
@Injectable()
export class SessionGuard extends CredentialGuard {
  constructor(carried: CarriedCredential, accepted: AcceptedStrategies, audit: AuditTrail) {
    super(
      carried,
      accepted.all.filter(({ mode }) => mode === 'session'),
      audit,
    );
  }
}
