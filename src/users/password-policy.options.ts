import type { LegacyPasswords } from './legacy-passwords.js';

export abstract class PasswordPolicy {
  /** In Unicode code points after NFKC. */
  abstract readonly minLength: number;
  /** For users who come with hashes of another kind. */
  abstract readonly legacy?: LegacyPasswords;
}
