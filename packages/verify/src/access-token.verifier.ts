import { type MisfitLog } from './misfit-log.js';
import { Refusal } from './refusal.js';
import { type AccessTokenClaims, hasExpired, readClaims } from './rules/access-token.js';
import { type Clock } from './rules/clock.js';
import { readToken } from './rules/compact-token.js';
import { GoodSignatures } from './rules/good-signatures.js';
import { PUBLIC_KEY_ALGORITHMS } from './rules/signature.js';
import { type SigningKeys } from './signing-keys.js';
import { type VerifySettings } from './verify.options.js';

/** What a token may say that its signature is. Only the backend can judge HS256, so such a token is asked about at most. */
const ALGORITHMS: readonly string[] = [...PUBLIC_KEY_ALGORITHMS, 'HS256'];

/** Turns a JWT into its claims with no question to the backend but for its keys. Whether the session still lives is asked elsewhere. */
export class AccessTokenVerifier {
  private readonly signatures = new GoodSignatures();

  constructor(
    private readonly keys: SigningKeys,
    private readonly settings: VerifySettings,
    private readonly clock: Clock,
    private readonly misfits: MisfitLog,
  ) {}

  /** `ask` when all is right but the signature, which there is no key set to check with: only the backend can tell. */
  async verify(text: string): Promise<AccessTokenClaims | 'ask'> {
    const signed = this.signatures.find(text);
    if (signed && (await this.keys.find(signed.kid)) === signed.key) return this.judge(signed, true);
    const token = readToken(text);
    // Before the keys are looked at, so that no made-up algorithm can cause a request.
    if (!token || !ALGORITHMS.includes(token.alg)) throw new Refusal('token_invalid');
    const key = await this.keys.find(token.kid);
    if (key === 'unknown') throw new Refusal('token_invalid');
    // The signature first where it can be checked, so that a forger hears `token_invalid` and nothing of why.
    if (key !== 'ask' && !this.signatures.hold(text, token, key)) throw new Refusal('token_invalid');
    const claims = this.judge(token, key !== 'ask');
    return key === 'ask' ? 'ask' : claims;
  }

  /** The same by the keys that were read last and without a question; null when they cannot tell. */
  verifyByLastKeys(text: string): AccessTokenClaims | null {
    const token = readToken(text);
    const key = token && this.keys.lastKnown(token.kid);
    return token && key && this.signatures.hold(text, token, key) ? this.judge(token, true) : null;
  }

  private judge(token: Parameters<typeof readClaims>[0], isSigned: boolean): AccessTokenClaims {
    const nowSeconds = this.clock.now().wall / 1000;
    const claims = readClaims(token, this.settings, nowSeconds);
    if (!claims) {
      if (isSigned) this.misfits.note(token.members() ?? {});
      throw new Refusal('token_invalid');
    }
    if (hasExpired(claims, nowSeconds)) throw new Refusal('token_expired');
    return claims;
  }
}
