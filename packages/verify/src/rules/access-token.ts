import { type Claims, claimsOfExt } from './claims.js';
import { type UnverifiedToken } from './compact-token.js';
import { type Principal } from './principal.js';

/** The longest that an access token may live, in seconds. A list of ended sessions must keep each of them for longer. */
export const LONGEST_LIFE_SECONDS = 15 * 60;

/** How far ahead the clock of the instance that signed may be, in seconds. It never lengthens a token's life. */
export const CLOCK_SKEW_SECONDS = 5;

/** The header's `typ` of an access token (RFC 9068 section 2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** The claims of an access token by the names they have in the token (RFC 9068 section 2.2). Times are seconds since 1970. */
export interface AccessTokenPayload {
  readonly iss: string;
  readonly aud: string | readonly string[];
  readonly sub: string;
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly client_id: string;
  readonly auth_time: number;
  readonly acr: string;
  readonly amr: readonly string[];
  readonly roles: readonly string[];
  /** The application's own claims; absent when there are none. */
  readonly ext?: Claims;
}

/** What is read from an access token, or from introspection about one, once it is believed. Times are seconds since 1970. */
export interface AccessTokenClaims {
  readonly sub: string;
  readonly sid: string;
  readonly roles: readonly string[];
  readonly authTime: number;
  readonly acr: string;
  readonly amr: readonly string[];
  readonly claims: Claims;
  readonly iat: number;
  readonly exp: number;
}

/**
 * The claims of a token whose signature holds, run out or not; null when the token is no access token of this issuer for this
 * audience, or is one that the backend would never sign (RFC 9068 section 4). Ask `hasExpired` next.
 *
 * ```ts
 * const claims = readClaims(token, { issuer: 'https://auth.example.com', audience: 'sallyport' }, nowSeconds);
 * ```
 */
export function readClaims(
  token: Pick<UnverifiedToken, 'typ' | 'members'>,
  expected: { readonly issuer: string; readonly audience: string },
  nowSeconds: number,
): AccessTokenClaims | null {
  if (token.typ !== ACCESS_TOKEN_TYPE && token.typ !== `application/${ACCESS_TOKEN_TYPE}`) return null;
  const members = token.members();
  const claims = members && readHolder(members);
  if (!claims) return null;
  const { iss, aud, jti, nbf = 0, client_id: clientId } = members;
  const { iat, exp, authTime } = claims;
  const isOurs =
    iss === expected.issuer &&
    isAudience(aud, expected.audience) &&
    typeof jti === 'string' &&
    /^[\w-]{22,64}$/.test(jti) && // 22 characters of base64url hold 128 bits
    isText(clientId) &&
    isTime(nbf) &&
    Math.max(iat, authTime, nbf) <= nowSeconds + CLOCK_SKEW_SECONDS &&
    exp > iat &&
    exp - iat <= LONGEST_LIFE_SECONDS;
  return isOurs ? claims : null;
}

/**
 * Whom a set of claims is about and when they run out; null when one of these is missing or of the wrong kind. A token's claims
 * and an answer of introspection (RFC 7662 section 2.2) name them alike.
 */
export function readHolder(members: Readonly<Record<string, unknown>>): AccessTokenClaims | null {
  const { sub, sid, roles, auth_time: authTime, acr, amr, iat, exp } = members;
  const claims = claimsOfExt(members['ext']);
  const isWhole =
    isUuid(sub) &&
    isUuid(sid) &&
    areTexts(roles) &&
    isTime(authTime) &&
    isText(acr) &&
    areTexts(amr) &&
    claims !== null &&
    isTime(iat) &&
    isTime(exp);
  if (!isWhole) return null;
  // Frozen, because one answer of introspection serves many requests: no handler can give the next one a role.
  return { sub, sid, roles: Object.freeze(roles), authTime, acr, amr: Object.freeze(amr), claims, iat, exp };
}

/**
 * A token is over at its `exp`, to the second, whoever looks: a clock that differs is no reason to let a session in for longer
 * than the backend would. A clock that is ahead calls a token expired a little early, and its client refreshes it.
 */
export function hasExpired({ exp }: AccessTokenClaims, nowSeconds: number): boolean {
  return nowSeconds >= exp;
}

/** The principal that believed claims stand for. */
export function principalOf({ sub, sid, roles, authTime, acr, amr, claims }: AccessTokenClaims): Principal {
  return { userId: sub, sessionId: sid, roles, authTime: new Date(authTime * 1000), acr, amr, claims };
}

// RFC 9562 section 4, in the one spelling that the backend signs: lower case. The nil and the max UUID name nobody.
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for the id of a user or of a session: `isUuid('0198c5a3-11d0-7b4e-8a55-6f0e9f6b7c21')`. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** True for a time that claims and the feed may carry: a whole number since 1970, of whatever unit, and never negative. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** True for a list of strings, the empty list included: `roles` and `amr`. */
export function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

/** True for a string with something in it: `client_id` and `acr`. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Whether `aud` names this audience. It is one name or a list of names (RFC 7519 section 4.1.3), and nothing else. */
export function isAudience(aud: unknown, audience: string): boolean {
  return aud === audience || (areTexts(aud) && aud.includes(audience));
}
