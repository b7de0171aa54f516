import {
  CurrentUser as CurrentVerifiedUser,
  type CurrentUserDecorator,
  type Principal as VerifiedPrincipal,
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
