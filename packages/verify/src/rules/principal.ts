import { type Claims } from './claims.js';
import { requestKey } from './request.js';

/** Who a request turned out to be. */
export interface Principal {
  /** The user's id, a UUID: the same in both modes and for ever. */
  readonly userId: string;
  /** The login's public id, a UUID. Not a secret. */
  readonly sessionId: string;
  /** The roles as the token, or the backend's answer, gave them: at most an access token's life old. */
  readonly roles: readonly string[];
  /** When the user last proved who they are (RFC 9068 section 2.2.1, `auth_time`), to the second at least. */
  readonly authTime: Date;
  /** How surely that was proved (`acr`): `aal1` for one factor, after NIST SP 800-63B. */
  readonly acr: string;
  /** By what means it was proved (RFC 8176, `amr`): `['pwd']` for a password. */
  readonly amr: readonly string[];
  /** What the backend's application tells of the user besides, as it was when the session was opened; `{}` when it tells nothing. */
  readonly claims: Claims;
}

// A WeakMap rather than a property: nothing a client sends, and no other library, can put a principal there.
const principals = new WeakMap<object, Principal>();

/** Notes who a request turned out to be. For the guard that has let it in. */
export function rememberPrincipal(request: object, principal: Principal): void {
  principals.set(requestKey(request), principal);
}

/** For the guard of a request that outlives the session it came with, as that of a socket may. */
export function forgetPrincipal(request: object): void {
  principals.delete(requestKey(request));
}

/** Who a request turned out to be; undefined when no guard has found out. */
export function principalOfRequest(request: object): Principal | undefined {
  return principals.get(requestKey(request));
}
