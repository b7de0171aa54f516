import type { AuthMode } from '../core/credential.js';
import type { TokenKind } from '../core/opaque-token.js';
import type { Principal } from '../http/principal.js';
import type { Holder, Session } from '../sessions/session.js';

/** What the client is handed. `expiresIn`: seconds until `accessToken` stops working if it is not used again. */
export interface Issued {
  readonly accessToken: string;
  readonly expiresIn: number;
  /** Null where the access token is itself what gets refreshed. */
  readonly refreshToken: string | null;
}

/** A principal, and its session where authenticating it meant reading that anyway. */
export interface Authenticated {
  readonly principal: Omit<Principal, 'transport'>;
  readonly session: Session | null;
  readonly issuedAt: Date;
  /** When the token stops working if it is not used again. */
  readonly expiresAt: Date;
}

/** One of the two doors: how a session becomes a credential, and a credential a principal. */
export abstract class AuthStrategy {
  abstract readonly mode: AuthMode;

  /** The kind of long-lived token that this strategy's sessions carry: what `POST /auth/refresh` replaces. */
  abstract readonly tokenKind: TokenKind;

  /** Whether this token has the shape of this strategy's access tokens. Says nothing about its being genuine. */
  abstract recognises(token: string): boolean;

  /** The credential of a session whose current long-lived token is `token`. */
  abstract issue(holder: Holder, token: string): Issued;

  /** Whose access token this is. Throws the 401 that says what its client should do. */
  abstract authenticate(token: string): Promise<Authenticated>;

  /** The session that an access token belongs to, run out or not, live or dead. Null when it is not genuine. */
  abstract sessionOf(token: string): Promise<{ sessionId: string; userId: string } | null>;
}

/** The strategies whose credentials are honoured, the one that logins issue first. */
export abstract class AcceptedStrategies {
  abstract readonly all: readonly AuthStrategy[];
}
