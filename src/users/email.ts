import { isEmail } from 'class-validator';

const MAX_BYTES = 254;

/** The form in which an address is kept and compared. It is made before the address is judged, never after (R3.7). */
export function normaliseEmail(email: string): string {
  return email.normalize('NFKC').toLowerCase();
}

/** True for one mailbox in its normal form: no list, no display name, no invisible or direction-changing characters. */
export function isMailbox(email: string): boolean {
  return (
    email.isWellFormed() &&
    Buffer.byteLength(email) <= MAX_BYTES &&
    !/[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Cn}\p{Co},;"<>()]/u.test(email) &&
    isEmail(email, { allow_utf8_local_part: true, require_tld: false })
  );
}
