import type { Moment } from '../core/clock.js';
import type { User } from '../users/user.js';

/** Who somebody has proved to be, by what and when. A login opens a session for a proof, whatever it consisted of. */
export interface Proof {
  /** As they were when they proved it: a session is opened only while their epoch is still this one. */
  readonly user: User;
  /** What the proof consisted of (RFC 8176). */
  readonly amr: readonly string[];
  /** How strong it is: an authentication context class (RFC 9470), here the assurance levels of NIST SP 800-63B-4. */
  readonly acr: string;
  readonly at: Moment;
}

/** The proof that a right password is. */
export function byPassword(user: User, at: Moment): Proof {
  return { user, amr: ['pwd'], acr: 'aal1', at };
}
