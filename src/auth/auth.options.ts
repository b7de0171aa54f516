import type { AuthMode } from '../core/credential.js';
import type { ClaimsOptions } from './claims.options.js';

export abstract class AuthOptions {
  /** What a login issues. */
  abstract readonly mode: AuthMode;
  /** Which credentials are honoured. Includes `mode`. */
  abstract readonly accept: readonly AuthMode[];
  /** Whether every route of the application is closed unless it says otherwise, or Sallyport's own alone. */
  abstract readonly guardsAllRoutes: boolean;
  /** What the application tells of a user beside their roles. */
  abstract readonly claims?: ClaimsOptions;
}
