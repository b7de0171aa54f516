import { Injectable } from '@nestjs/common';
import { CredentialGuard } from './auth.guard.js';

/**
 * For a route that only a JWT access token opens; where jwt mode is not accepted, nothing does.
 *
 * ```ts
 * @UseGuards(JwtGuard)
 * @Get('orders')
 * mine(@CurrentUser() me: Principal) {}
 * ```
 */
@Injectable()
export class JwtGuard extends CredentialGuard {
  protected readonly strategies = this.parts.accepted.all.filter(({ mode }) => mode === 'jwt');
}
