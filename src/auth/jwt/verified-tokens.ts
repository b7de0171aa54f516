import { createHash } from 'node:crypto';
import type { VerificationKey } from '../../keys/jwk.js';

const MAX_KEPT = 10_000;

interface Verified<Claims> {
  readonly claims: Claims;
  readonly key: VerificationKey;
}

/**
 * Tokens whose signature was found good, so that it is checked once and not at each request. Known by the SHA-256 of the exact
 * text, never by what is in it (R7.10), and together with the key, which may be retired meanwhile. What its claims are worth is
 * looked at each time.
 */
export class VerifiedTokens<Claims> {
  /** In the order in which they were verified, so that the first is the oldest. */
  private readonly kept = new Map<string, Verified<Claims>>();

  find(token: string): Verified<Claims> | undefined {
    return this.kept.get(digestOf(token));
  }

  keep(token: string, verified: Verified<Claims>): void {
    const oldest = this.kept.keys().next();
    if (this.kept.size >= MAX_KEPT && !oldest.done) this.kept.delete(oldest.value);
    this.kept.set(digestOf(token), verified);
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
