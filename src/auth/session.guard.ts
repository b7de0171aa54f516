import { Injectable } from '@nestjs/common';
import { CredentialGuard } from './auth.guard.js';

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
  protected readonly strategies = this.parts.accepted.all.filter(({ mode }) => mode === 'session');
}
