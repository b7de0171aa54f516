import { createHash } from 'node:crypto';
import { type SigningKey, signatureHolds, type UnverifiedToken } from './access-token.js';

const MAX_KEPT = 10_000;

/**
 * Checks each signature once: that it holds for this exact text by this very key stays true, and takes more time to find out than
 * everything else about a token. Known by digest, so that a heap dump holds no token.
 */
export class GoodSignatures {
  // In the order in which they were checked, so that the first is the oldest.
  private readonly kept = new Map<string, SigningKey>();

  hold(text: string, token: UnverifiedToken, key: SigningKey): boolean {
    const digest = createHash('sha256').update(text).digest('base64url');
    if (this.kept.get(digest) === key) return true;
    if (!signatureHolds(token, key)) return false;
    this.keep(digest, key);
    return true;
  }

  private keep(digest: string, key: SigningKey): void {
    const oldest = this.kept.keys().next();
    if (this.kept.size >= MAX_KEPT && !oldest.done) this.kept.delete(oldest.value);
    this.kept.set(digest, key);
  }
}
