/**
 * `@sallyport/verify/rules`: what the backend and every service behind it must agree on, said once for both. How an access token
 * is spelled and when it is believed, who a request turned out to be, and whom a route lets in.
 */
export {
  ACCESS_TOKEN_TYPE,
  type AccessTokenClaims,
  type AccessTokenPayload,
  CLOCK_SKEW_SECONDS,
  hasExpired,
  LONGEST_LIFE_SECONDS,
  principalOf,
  readClaims,
} from './access-token.js';
export { type Admission, admissionOf, admits, Public, Roles } from './admission.js';
export {
  areSmall,
  asExt,
  type Claims,
  claimsOfExt,
  type ClaimValue,
  isClaimName,
  isClaimValue,
  MAX_CLAIMS_BYTES,
  NO_CLAIMS,
} from './claims.js';
export { Clock, type Moment, SystemClock } from './clock.js';
export { readToken, type UnverifiedToken } from './compact-token.js';
export { GoodSignatures } from './good-signatures.js';
export { cookieValues } from './cookies.js';
export { isFromHere, mayChangeSomething } from './cross-origin.js';
export { CurrentUser, type CurrentUserDecorator } from './current-user.js';
export { forgetPrincipal, type Principal, principalOfRequest, rememberPrincipal } from './principal.js';
export { type ContextRequest, requestKey, requestOf } from './request.js';
export { type Algorithm, signatureHolds, type VerificationKey } from './signature.js';
