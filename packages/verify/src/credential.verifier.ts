import { type AccessTokenVerifier } from './access-token.verifier.js';
import { type Introspection } from './introspection.js';
import { Refusal, Unavailable } from './refusal.js';
import { type FeedFollower } from './feed-follower.js';
import { type Revocations } from './revocations.js';
import { type AccessTokenClaims, hasExpired, principalOf } from './rules/access-token.js';
import { type Clock, type Moment } from './rules/clock.js';
import { type Principal } from './rules/principal.js';
import { type VerifySettings } from './verify.options.js';

const OPAQUE_TOKEN = /^ses_[\w-]{43}$/;
const ASK_AGAIN_MS = 1_000;

/**
 * Turns a credential of either kind into a principal, or throws a `Refusal`.
 *
 * While the feed is healthy a JWT needs no question to the backend, and an opaque token one in thirty seconds. While it is not,
 * every credential is asked about; and when that fails too, nobody is let in, unless the service has chosen otherwise (`whenLost`).
 */
export class CredentialVerifier {
  private askedInVainAt: Moment | null = null;

  constructor(
    private readonly accessTokens: AccessTokenVerifier,
    private readonly introspection: Introspection,
    private readonly revocations: Revocations,
    private readonly feed: FeedFollower,
    private readonly clock: Clock,
    private readonly settings: VerifySettings,
  ) {}

  async verify(token: string): Promise<Principal> {
    const signed = this.acceptedWhenLost(token);
    const claims = signed && this.hasJustAskedInVain() ? signed : await this.find(token, signed);
    // Also of an answer fresh from the backend: the session may have ended while it was on its way.
    this.refuseEnded(claims);
    return principalOf(claims);
  }

  /** `signed` is what the service has chosen to believe when the backend does not answer. */
  private async find(token: string, signed: AccessTokenClaims | null): Promise<AccessTokenClaims> {
    const claims = OPAQUE_TOKEN.test(token) ? 'ask' : await this.accessTokens.verify(token);
    if (claims !== 'ask') this.refuseEnded(claims);
    const isHealthy = this.feed.healthy();
    if (claims !== 'ask' && isHealthy) return claims;
    try {
      const answer = await this.introspection.find(token, isHealthy);
      if (!answer) throw new Refusal(this.whyNot(claims));
      return answer;
    } catch (error) {
      if (!signed || !(error instanceof Unavailable)) throw error;
      this.askedInVainAt = this.clock.now();
      return signed;
    }
  }

  /** The claims of a signed token where the service has chosen to accept it though the feed is lost, and for as long; else null. */
  private acceptedWhenLost(token: string): AccessTokenClaims | null {
    const isAccepted = !this.feed.healthy() && this.feed.lostForMs() <= this.settings.acceptSignedMs;
    return isAccepted && !OPAQUE_TOKEN.test(token) ? this.accessTokens.verifyByLastKeys(token) : null;
  }

  /** So that not every request waits for a backend that says nothing, where nothing hangs on its answer. */
  private hasJustAskedInVain(): boolean {
    return this.askedInVainAt !== null && this.clock.since(this.askedInVainAt) <= ASK_AGAIN_MS;
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
