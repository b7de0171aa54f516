export const MAX_CODE_POINTS = 256;
export const MAX_BYTES = 1024;

/** The form in which a password is hashed and compared: NFKC, so that two keyboards that mean the same agree. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/** False for text that could not be told from another once it is bytes, and for what is larger than is ever hashed. */
export function isHashable(password: string): boolean {
  if (!password.isWellFormed() || Buffer.byteLength(password) > MAX_BYTES) return false;
  const normal = normalisePassword(password);
  return Buffer.byteLength(normal) <= MAX_BYTES && [...normal].length <= MAX_CODE_POINTS;
}
