import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Principal } from './principal.js';

// A WeakMap rather than a property: nothing a client sends, and no other library, can put a principal there.
const principals = new WeakMap<object, Principal>();

/** Notes who a request turned out to be. For the guard that has let it in. */
export function rememberPrincipal(request: object, principal: Principal): void {
  principals.set(request, principal);
}

/**
 * The principal of this request: `@CurrentUser() user: Principal` in a handler. Throws where no guard has let anybody in, which
 * is a 500: a route that asks for a user must be guarded, and not `@Public()`.
 */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = principals.get(context.switchToHttp().getRequest<object>());
  if (!principal) throw new Error('@CurrentUser() on a route that is @Public(), or that no guard of Sallyport guards.');
  return principal;
});
