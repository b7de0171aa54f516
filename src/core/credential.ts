/** What a login hands out: an opaque session token, or a JWT access token with a rotating refresh token. */
export type AuthMode = 'session' | 'jwt';

/** How the client carries it: in cookies, or in the `Authorization` header and the body. */
export type Transport = 'cookie' | 'bearer';
