import type { AccessTokenClaims } from '@sallyport/verify/rules';
import type { Holder } from '../sessions/session.js';

/**
 * How an access token is spelled: the one thing that another format (PASETO, say) would do differently. Everything else about a
 * token, such as whether its session still lives, is the strategy's.
 */
export abstract class AccessTokens {
  /** Whether this text has the shape of one. Says nothing about its being genuine. */
  abstract recognises(token: string): boolean;

  /** A token for the holder of a session: `tokens.sign(holder, { iat: 1767605400, exp: 1767605700 })`. Seconds since 1970. */
  abstract sign(holder: Holder, life: { readonly iat: number; readonly exp: number }): string;

  /** The claims of a token that we signed for ourselves, run out or not; null for anything else, whatever is wrong with it. */
  abstract read(token: string): AccessTokenClaims | null;

  /**
   * The session that a token names, whoever made it and when; null when it names none. It proves nothing by itself: ask it of a
   * token that comes from where nobody else can have put it.
   */
  abstract sessionNamedBy(token: string): string | null;

  /** Whether the token with these claims has run out by now. A logout takes one that has; a request does not. */
  abstract hasExpired(claims: AccessTokenClaims): boolean;
}
