import { AppError } from '../core/app-error.js';
import type { TokenRefusal } from './token.store.js';
import type { SessionState } from './session.store.js';

/** The same code for the same cause, whichever token it concerns. */
const CODES = {
  unknown: 'token_invalid',
  superseded: 'token_superseded',
  reused: 'token_reused',
  expired: 'session_expired',
  revoked: 'session_revoked',
} as const;

export function refusalOf(verdict: TokenRefusal['verdict'] | Exclude<SessionState['state'], 'live'>): AppError {
  return new AppError(CODES[verdict]);
}
