import { type AccessTokenVerifier } from './access-token.verifier.js';
import { type Introspection } from './introspection.js';
import { Refusal } from './refusal.js';
import { type FeedFollower } from './feed-follower.js';
import { type Revocations } from './revocations.js';
import { type AccessTokenClaims, hasExpired, principalOf } from './rules/access-token.js';
import { type Clock } from './rules/clock.js';
import { type Principal } from './rules/principal.js';

const OPAQUE_TOKEN = /^ses_[\w-]{43}$/;

/**
 * Turns a credential of either kind into a principal, or throws a `Refusal`.
 *
 * While the feed is healthy a JWT needs no question to the backend, and an opaque token one in thirty seconds. While it is not,
 * every credential is asked about; and when that fails too, nobody is let in.
 */
export class CredentialVerifier {
  constructor(
    private readonly accessTokens: AccessTokenVerifier,
    private readonly introspection: Introspection,
    private readonly revocations: Revocations,
    private readonly feed: FeedFollower,
    private readonly clock: Clock,
  ) {}

  async verify(token: string): Promise<Principal> {
    const claims = OPAQUE_TOKEN.test(token) ? 'ask' : await this.accessTokens.verify(token);
    if (claims !== 'ask') this.refuseEnded(claims);
    const isHealthy = this.feed.healthy();
    if (claims !== 'ask' && isHealthy) return principalOf(claims);

    const answer = await this.introspection.find(token, isHealthy);
    if (!answer) throw new Refusal(this.whyNot(claims));
    // Again, also for an answer fresh from the backend: the session may have ended while it was on its way.
    this.refuseEnded(answer);
    return principalOf(answer);
  }

  /** A token that we could check and that the backend disowns has run out or lost its session; one we know nothing of may be anything. */
  private whyNot(claims: AccessTokenClaims | 'ask'): 'token_invalid' | 'token_expired' | 'session_revoked' {
    if (claims === 'ask') return 'token_invalid';
    return hasExpired(claims, this.clock.now().wall / 1000) ? 'token_expired' : 'session_revoked';
  }

  private refuseEnded(claims: AccessTokenClaims): void {
    if (this.revocations.haveEnded(claims)) throw new Refusal('session_revoked');
  }
}
