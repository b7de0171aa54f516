import type { AuthMode } from '../core/credential.js';

export abstract class AuthOptions {
  /** What a login issues. */
  abstract readonly mode: AuthMode;
  /** Which credentials are honoured. Includes `mode`. */
  abstract readonly accept: readonly AuthMode[];
}
