import type { Origin } from '../core/origin.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Cause } from '../sessions/session.js';
import type { Ending } from '../sessions/session.store.js';
import { type Rotation, type RotationResult, TokenStore, type TokenUse } from '../sessions/token.store.js';
import { ToldAfter } from './told-after.js';

/** A token store that tells nobody of its acts: they are told directly after. */
export class ToldTokens extends TokenStore {
  private readonly told: ToldAfter;

  constructor(
    private readonly tokens: TokenStore,
    audit: AuditTrail,
  ) {
    super();
    this.told = new ToldAfter(audit);
  }

  async use(digest: Buffer, origin: Origin): Promise<TokenUse> {
    const use = await this.tokens.use(digest, origin);
    return use.verdict === 'reused' ? this.told.refusal(use, origin) : use;
  }

  async rotate(rotation: Rotation, origin: Origin): Promise<RotationResult> {
    const result = await this.tokens.rotate(rotation, origin);
    return result.verdict === 'reused' ? this.told.refusal(result, origin) : result;
  }

  async endBy(digest: Buffer, cause: Cause): Promise<Ending | null> {
    return this.told.ending(await this.tokens.endBy(digest, cause), cause);
  }
}
