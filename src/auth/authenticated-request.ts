import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { rememberPrincipal } from '@sallyport/verify/rules';
import type { Principal } from '../http/principal.js';
import type { Session } from '../sessions/session.js';

/** What a guard has found out about a request. `session` is null where finding out did not mean reading it. */
export interface AuthenticatedRequest {
  readonly principal: Principal;
  readonly session: Session | null;
}

// Beside the request and not on it: nothing a client sends, and no other library, can put anything there.
const known = new WeakMap<object, AuthenticatedRequest>();

/** Notes it for the guards that come after, and for `@CurrentUser()` and `@CurrentSession()`. */
export function rememberAuthenticated(request: object, authenticated: AuthenticatedRequest): void {
  known.set(request, authenticated);
  rememberPrincipal(request, authenticated.principal);
}

/** Null as long as no guard has authenticated the request. */
export function authenticatedOf(request: object): AuthenticatedRequest | null {
  return known.get(request) ?? null;
}

/** The session of this request where authenticating it meant reading that anyway; else null. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session | null => {
  return authenticatedOf(context.switchToHttp().getRequest<object>())?.session ?? null;
});
