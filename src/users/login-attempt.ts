import type { Origin } from '../core/origin.js';
import type { Bucket } from '../limits/limit.store.js';
import { sourceOf } from '../limits/source.js';

/** Who is trying to log in, as far as that is known before the password is looked at. */
export interface LoginAttempt {
  /** In its normal form, whether or not there is an account of it: both are counted alike (R3.5). */
  readonly email: string;
  readonly origin: Origin;
  /** What the client shows of an earlier login of this account on this device; null for a stranger. */
  readonly device: KnownDevice | null;
}

/** A device that this account has logged in on, while its user's epoch was this one. */
export interface KnownDevice {
  readonly name: string;
  readonly authEpoch: number;
}

/** A known device has failures of its own, so that no stranger can lock it out (R4.2). `isKnown`: the user is as they were then. */
export function bucketsOf({ email, origin, device }: LoginAttempt, isKnown: boolean): Bucket[] {
  const source = sourceOf(origin);
  const bySource: Bucket = { limit: 'login-source', subject: source };
  if (device !== null && isKnown) return [bySource, { limit: 'login-device', subject: `${email} ${device.name}` }];
  return [
    bySource,
    { limit: 'login-account-source', subject: `${email} ${source}` },
    { limit: 'login-account', subject: email },
  ];
}
