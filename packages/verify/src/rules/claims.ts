/** What an application's own claim may say. */
export type ClaimValue = string | number | boolean | readonly string[];

/** What an application has told of its user by names of its own, `{ tenant: 'acme' }`, when their session was opened. */
export type Claims = Readonly<Record<string, ClaimValue>>;

export const NO_CLAIMS: Claims = Object.freeze({});

/** How long claims may be as JSON: every request carries them, and a token in a cookie has room for 4096 bytes in all. */
export const MAX_CLAIMS_BYTES = 1024;

const NAME = /^[A-Za-z][\w-]{0,63}$/;

/** True for a name that an application may give to a claim: up to 64 letters, digits, `_` and `-`, a letter first. */
export function isClaimName(name: string): boolean {
  return NAME.test(name) && !(name in Object.prototype);
}

/** True for what every store and every token can hold, and gives back as it was. */
export function isClaimValue(value: unknown): value is ClaimValue {
  if (typeof value === 'string') return isStorable(value);
  if (Array.isArray(value)) return value.every((text) => typeof text === 'string' && isStorable(text));
  return typeof value === 'boolean' || Number.isFinite(value);
}

export function areSmall(claims: object): boolean {
  return Buffer.byteLength(JSON.stringify(claims)) <= MAX_CLAIMS_BYTES;
}

/**
 * Claims as they travel: under one name, in an access token and in an answer of introspection alike. Where there are none, nothing
 * travels. `asExt({ tenant: 'acme' })` is `{ ext: { tenant: 'acme' } }`.
 */
export function asExt(claims: Claims): { readonly ext?: Claims } {
  return Object.keys(claims).length > 0 ? { ext: claims } : {};
}

/** The claims that have travelled as `ext`; null when that is nothing that `asExt` gives. Frozen, as one answer serves many requests. */
export function claimsOfExt(ext: unknown): Claims | null {
  if (ext === undefined) return NO_CLAIMS;
  if (typeof ext !== 'object' || ext === null || Array.isArray(ext)) return null;
  const isGood = Object.entries(ext).every(([name, value]) => isClaimName(name) && isClaimValue(value));
  if (!isGood || !areSmall(ext)) return null;
  Object.values(ext).forEach(Object.freeze);
  return Object.freeze(ext) as Claims;
}

/** Postgres keeps neither NUL nor half of a character. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
