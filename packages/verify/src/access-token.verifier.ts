import { Injectable } from '@nestjs/common';
import { ALGORITHMS, type AccessTokenClaims, readClaims, readToken } from './access-token.js';
import { Clock } from './clock.js';
import { GoodSignatures } from './good-signatures.js';
import { Refusal } from './refusal.js';
import { SigningKeys } from './signing-keys.js';
import { VerifySettings } from './verify.options.js';

/** Turns a JWT into its claims with no question to the backend but for its keys. Whether the session still lives is asked elsewhere. */
@Injectable()
export class AccessTokenVerifier {
  private readonly signatures = new GoodSignatures();

  constructor(
    private readonly keys: SigningKeys,
    private readonly settings: VerifySettings,
    private readonly clock: Clock,
  ) {}

  /** `ask` when all is right but the signature, which there is no key set to check with: only the backend can tell. */
  async verify(text: string): Promise<AccessTokenClaims | 'ask'> {
    const token = readToken(text);
    // Before the keys are looked at, so that no made-up algorithm can cause a request. HS256 is only ever for the backend to judge.
    if (![...ALGORITHMS, 'HS256'].includes(token.alg)) throw new Refusal('token_invalid');
    const key = await this.keys.find(token.kid);
    if (key === 'unknown') throw new Refusal('token_invalid');
    // The signature first where it can be checked, so that a forger hears `token_invalid` and nothing of why.
    if (key !== 'ask' && !this.signatures.hold(text, token, key)) throw new Refusal('token_invalid');
    const claims = readClaims(token.payload, this.settings, Math.floor(this.clock.now().wall / 1000));
    return key === 'ask' ? 'ask' : claims;
  }
}
