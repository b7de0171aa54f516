import { Injectable } from '@nestjs/common';
import { type AccessTokenClaims } from './access-token.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { Introspection } from './introspection.js';
import { type Principal } from './principal.js';
import { Refusal } from './refusal.js';
import { RevocationFeed } from './revocation.feed.js';
import { Revocations } from './revocations.js';

const OPAQUE_TOKEN = /^ses_[\w-]{43}$/;

/**
 * Turns a credential of either kind into a principal, or throws a `Refusal`.
 *
 * While the feed is healthy a JWT needs no question to the backend, and an opaque token one in thirty seconds. While it is not,
 * every credential is asked about; and when that fails too, nobody is let in.
 */
@Injectable()
export class CredentialVerifier {
  constructor(
    private readonly accessTokens: AccessTokenVerifier,
    private readonly introspection: Introspection,
    private readonly revocations: Revocations,
    private readonly feed: RevocationFeed,
  ) {}

  async verify(token: string): Promise<Principal> {
    const claims = OPAQUE_TOKEN.test(token) ? 'ask' : await this.accessTokens.verify(token);
    if (claims !== 'ask') this.refuseEnded(claims);
    const isHealthy = this.feed.healthy();
    if (claims !== 'ask' && isHealthy) return principal(claims);

    const answer = await this.introspection.find(token, isHealthy);
    // A token that we could check and that the backend disowns has lost its session; one we know nothing of may be anything.
    if (!answer) throw new Refusal(claims === 'ask' ? 'token_invalid' : 'session_revoked');
    // Again, also for an answer fresh from the backend: the session may have ended while it was on its way.
    this.refuseEnded(answer);
    return principal(answer);
  }

  private refuseEnded(claims: AccessTokenClaims): void {
    if (this.revocations.haveEnded(claims)) throw new Refusal('session_revoked');
  }
}

function principal({ sub, sid, roles, authTime }: AccessTokenClaims): Principal {
  return { userId: sub, sessionId: sid, roles, authTime };
}
