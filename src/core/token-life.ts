/**
 * The longest life of an access token, in seconds. Revocation, the rotation of keys and every verifier count on it: a token
 * that claims to live longer was not signed by this service.
 */
export const MAX_ACCESS_TOKEN_SECONDS = 900;
