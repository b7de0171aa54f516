export abstract class PasswordPolicy {
  /** In Unicode code points after NFKC. */
  abstract readonly minLength: number;
}
