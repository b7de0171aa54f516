import type { ExecutionContext } from '@nestjs/common';
import {
  CurrentUser as CurrentVerifiedUser,
  type CurrentUserDecorator,
  type Principal as VerifiedPrincipal,
  principalOfRequest,
  requestOf,
} from '@sallyport/verify/rules';
import type { AuthMode, Transport } from '../core/credential.js';

// What a route says of itself means the same here and in the services behind, whose guard reads the same decorators.
export { Public, Roles } from '@sallyport/verify/rules';

/** Who a request turned out to be, and what its client carries. */
export interface Principal extends VerifiedPrincipal {
  readonly mode: AuthMode;
  readonly transport: Transport;
}

/** Who asks, or one property of them; on a `@Public()` route undefined when nobody is known. */
export const CurrentUser = CurrentVerifiedUser as CurrentUserDecorator<Principal>;

/**
 * The same for a guard or an interceptor of an application's own that comes after ours; undefined when nobody is known.
 *
 * ```ts
 * canActivate(context: ExecutionContext) {
 *   return this.tenants.has(principalIn(context)?.userId);
 * }
 * ```
 */
export function principalIn(context: ExecutionContext): Principal | undefined {
  return principalOfRequest(requestOf(context)) as Principal | undefined;
}
