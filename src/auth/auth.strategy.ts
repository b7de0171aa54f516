import { AppError, UnavailableError } from '../core/app-error.js';
import type { AuthMode } from '../core/credential.js';
import type { Origin } from '../core/origin.js';
import type { Principal } from '../http/principal.js';
import type { Session } from '../sessions/session.js';
import type { Held } from '../sessions/sessions.service.js';

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

/**
 * One of the two doors: how a session becomes a credential, and a credential a principal.
 *
 * @example
 * const { accessToken } = strategy.issue(await sessions.open(login, origin));
 * const { principal } = await strategy.authenticate(accessToken, origin);
 */
export abstract class AuthStrategy {
  abstract readonly mode: AuthMode;

  /** The names of the cookies that carry its access token and what `POST /auth/refresh` replaces; the same where both are one. */
  abstract readonly cookies: { readonly access: string; readonly refresh: string };

  /** How long a session that was ended on another instance may be let in here, in milliseconds. */
  abstract readonly revocationBoundMs: number;

  /** Whether this token has the shape of this strategy's access tokens. Says nothing about its being genuine. */
  abstract recognises(token: string): boolean;

  /** The credential for the holder of a session and its long-lived token. */
  abstract issue(held: Held): Issued;

  /** Whose access token this is. Throws the 401 that says what its client should do, and `UnavailableError`. */
  abstract authenticate(token: string, origin: Origin): Promise<Authenticated>;
}

/** The strategies whose credentials are honoured, the issuing one first. */
export class AcceptedStrategies {
  readonly all: readonly AuthStrategy[];

  constructor(
    /** What a login issues. */
    readonly issuing: AuthStrategy,
    others: readonly AuthStrategy[],
  ) {
    this.all = [issuing, ...others.filter((strategy) => strategy !== issuing)];
  }

  accepts(mode: AuthMode): boolean {
    return this.all.some((strategy) => strategy.mode === mode);
  }

  /** The strategy for a session of this mode. Throws `UnavailableError` for a mode that other instances issue and this one does not. */
  of(mode: AuthMode): AuthStrategy {
    const strategy = this.all.find((candidate) => candidate.mode === mode);
    if (!strategy) throw new UnavailableError('This kind of credential');
    return strategy;
  }

  /** The strategy that this access token's own shape names: no two are ever tried. Throws `token_invalid`. */
  recognising(token: string): AuthStrategy {
    const strategy = this.all.find((candidate) => candidate.recognises(token));
    if (!strategy) throw new AppError('token_invalid');
    return strategy;
  }
}
