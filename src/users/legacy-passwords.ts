/**
 * Passwords that were hashed before your users came to Sallyport, by something other than argon2. Such a hash stands in the user
 * store as it is; the login by which it is verified replaces it by one of argon2id. Until then a login of that user takes as long as
 * your hash and ours together, which is a longer time than that of a name that is nobody's.
 *
 * @example
 * class Bcrypt extends LegacyPasswords {
 *   verify(password: string, hash: string) {
 *     return hash.startsWith('$2') ? bcrypt.compare(password, hash) : null;
 *   }
 * }
 */
export abstract class LegacyPasswords {
  /** Whether the password, in its normal form, is the one that was hashed. Null at once for a hash that is not of your kind. */
  abstract verify(password: string, hash: string): Promise<boolean> | null;
}
