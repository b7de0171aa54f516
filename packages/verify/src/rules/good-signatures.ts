import { createHash } from 'node:crypto';
import { type UnverifiedToken } from './compact-token.js';
import { signatureHolds, type VerificationKey } from './signature.js';

const MAX_KEPT = 10_000;

/**
 * Checks each signature once: that it holds for this exact text by this very key stays true, and takes more time to find out than
 * everything else about a token. Known by digest, so that a heap dump holds no token. The last 10,000 are remembered.
 *
 * A key counts by its object and not by its name: once a key set has been read again, each signature is checked anew with the
 * new key object.
 *
 * ```ts
 * const signatures = new GoodSignatures(); // one for the process
 * if (!signatures.hold(text, token, key)) throw new Error('token_invalid');
 * ```
 */
export class GoodSignatures {
  // In the order in which they were checked, so that the first is the oldest.
  private readonly kept = new Map<string, VerificationKey>();

  /** Whether `key` signed `token`, which is `text` taken apart. Throws what `signatureHolds` throws. */
  hold(text: string, token: UnverifiedToken, key: VerificationKey): boolean {
    const digest = createHash('sha256').update(text).digest('base64url');
    if (this.kept.get(digest) === key) return true;
    if (!signatureHolds(token, key)) return false;
    this.keep(digest, key);
    return true;
  }

  private keep(digest: string, key: VerificationKey): void {
    const oldest = this.kept.keys().next();
    if (this.kept.size >= MAX_KEPT && !oldest.done) this.kept.delete(oldest.value);
    this.kept.set(digest, key);
  }
}
