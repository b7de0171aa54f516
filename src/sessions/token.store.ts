import type { AuthMode, Transport } from '../core/credential.js';
import type { Origin } from '../core/origin.js';
import type { Cause, Holder } from './session.js';
import type { Ending } from './session.store.js';

/** Why a token opens nothing. `reused` has already ended the session: the store did so in the same act. */
export type TokenRefusal =
  | { readonly verdict: 'unknown' }
  | {
      readonly verdict: 'superseded' | 'reused' | 'expired' | 'revoked';
      readonly sessionId: string;
      readonly userId: string;
    };

export type TokenUse = { readonly verdict: 'held'; readonly holder: Holder } | TokenRefusal;

export interface Rotation {
  /** SHA-256 of the token presented. */
  readonly digest: Buffer;
  /** SHA-256 of the successor that `salt` makes of it. */
  readonly successorDigest: Buffer;
  readonly salt: Buffer;
  /** What the successor is: the kind of credential that the session carries from now on. */
  readonly mode: AuthMode;
  readonly transport: Transport;
}

/**
 * `rotated`: the successor offered is now current. `replayed`: another request was first; derive the successor again
 * from `salt`, for the mode that `holder.session.mode` names.
 */
export type RotationResult =
  { readonly verdict: 'rotated' | 'replayed'; readonly holder: Holder; readonly salt: Buffer } | TokenRefusal;

/**
 * The long-lived tokens of sessions, known by digest alone. A session has one current token; its predecessors are kept as
 * evidence, as many as `REMEMBERED_GENERATIONS` says. Presenting generation n while g is current:
 * n = g: current. n = g-1 within the grace window since the rotation: still good, and converges on the same successor.
 * n < g-1 within the grace window since n was replaced: superseded. After that: reused, which ends the session, as long as n is
 * remembered; a token that is not remembered is unknown, whether or not it has been deleted yet. An end is told to the audit
 * trail, as in `SessionStore`.
 *
 * @example
 * const use = await tokens.use(digestToken(token), origin);
 * if (use.verdict === 'held') return use.holder;
 */
export abstract class TokenStore {
  /** Who holds this token. Counts as a use of the session. */
  abstract use(digest: Buffer, origin: Origin): Promise<TokenUse>;

  /** Replaces the current token by its successor and extends the idle timeout, once, however many ask at once. */
  abstract rotate(rotation: Rotation, origin: Origin): Promise<RotationResult>;

  /** Ends the session that this token, current or replaced, belongs to. Null when no such token is known. */
  abstract endBy(digest: Buffer, cause: Cause): Promise<Ending | null>;
}
