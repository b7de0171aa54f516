import { createHash } from 'node:crypto';
import { type UnverifiedToken } from './compact-token.js';
import { signatureHolds, type VerificationKey } from './signature.js';

const MAX_KEPT = 10_000;

/** What stays true of a text once its signature was found good. */
export interface GoodSignature extends Pick<UnverifiedToken, 'kid' | 'typ' | 'members'> {
  readonly key: VerificationKey;
}

/**
 * Checks each signature once: that it holds for this exact text by this very key stays true, and takes more time to find out than
 * everything else about a token. Known by digest, so that a heap dump holds no token. The last 10,000 are remembered.
 *
 * A key is known by its object and not by its name: a key set that was read again has other objects, and nothing is believed by
 * an older one.
 *
 * ```ts
 * const signatures = new GoodSignatures(); // one for the process
 * const known = signatures.find(text);
 * if (known?.key === key) return readClaims(known, expected, nowSeconds);
 * if (!signatures.hold(text, token, key)) throw new Error('token_invalid');
 * ```
 */
export class GoodSignatures {
  // In the order in which they were checked, so that the first is the oldest.
  private readonly kept = new Map<string, GoodSignature>();

  /** What was found out about this text and the key by which it was signed; undefined when it was not checked, or long ago. */
  find(text: string): GoodSignature | undefined {
    return this.kept.get(digestOf(text));
  }

  /** Whether `key` signed `token`, which is `text` taken apart. Throws what `signatureHolds` throws. */
  hold(text: string, token: UnverifiedToken, key: VerificationKey): boolean {
    const digest = digestOf(text);
    if (this.kept.get(digest)?.key === key) return true;
    if (!signatureHolds(token, key)) return false;
    const { kid, typ, members } = token;
    this.keep(digest, { kid, typ, members, key });
    return true;
  }

  private keep(digest: string, good: GoodSignature): void {
    const oldest = this.kept.keys().next();
    if (this.kept.size >= MAX_KEPT && !oldest.done) this.kept.delete(oldest.value);
    this.kept.set(digest, good);
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
