import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import { type Principal } from './principal.js';

// A WeakMap rather than a property: nothing a client sends, and no other library, can put a principal there.
const principals = new WeakMap<object, Principal>();

export function rememberPrincipal(request: object, principal: Principal): void {
  principals.set(request, principal);
}

/** The principal of this request. Throws where SallyportGuard did not let anybody in: a route that asks for a user must be guarded. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = principals.get(context.switchToHttp().getRequest<object>());
  if (!principal)
    throw new Error('@CurrentUser() on a route that SallyportGuard does not guard, or that is @Public().');
  return principal;
});
