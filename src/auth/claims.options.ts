import type { Claims } from '@sallyport/verify/rules';
import type { User } from '../users/user.js';

/**
 * What an application tells of its users beside their roles: to its own handlers, to services behind it, in both modes. It is asked
 * once for each session, before the session is opened, and its answer stays for the life of the session, through every refresh:
 * what must change at once is a role. Whoever holds a JWT can read it.
 *
 * ```ts
 * claims: { names: ['tenant'], of: async ({ id }) => ({ tenant: await tenants.nameOf(id) }) }
 * ```
 *
 * An answer with any other name, with another kind of value, or of more than 1024 bytes as JSON is a mistake of the application: the
 * log names the claim, the login is answered 500, and no session is opened. What `of` throws, the login throws.
 */
export interface ClaimsOptions {
  /** Every claim that there may be. */
  readonly names: readonly string[];
  of(user: User): Claims | Promise<Claims>;
}
