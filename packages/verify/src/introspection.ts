import { createHash } from 'node:crypto';
import { asRecord } from './ask.js';
import { type Backend } from './backend.js';
import { type MisfitLog } from './misfit-log.js';
import { Unavailable } from './refusal.js';
import { type AccessTokenClaims, hasExpired, isAudience, readHolder } from './rules/access-token.js';
import { type Clock, type Moment } from './rules/clock.js';
import { type VerifySettings } from './verify.options.js';

/** Beyond this many questions under way the backend is in trouble already; more would not help it, nor us. */
const MAX_UNDER_WAY = 100;
const MAX_KEPT = 10_000;

/** Asks the backend about a token (RFC 7662), and may remember a yes for a short while. A no is never remembered. */
export class Introspection {
  // By digest, so that a heap dump holds no token; in the order of asking, so that the first is the oldest.
  private readonly kept = new Map<string, { token: AccessTokenClaims; askedAt: Moment }>();
  private underWay = 0;

  constructor(
    private readonly backend: Backend,
    private readonly settings: VerifySettings,
    private readonly clock: Clock,
    private readonly misfits: MisfitLog,
  ) {}

  /** What the token stands for; null when it stands for nothing. `mayReuse` says whether an answer of a little while ago will do. */
  async find(text: string, mayReuse: boolean): Promise<AccessTokenClaims | null> {
    const digest = createHash('sha256').update(text).digest('base64url');
    const kept = mayReuse ? this.reuse(digest) : null;
    if (kept) return kept;
    // Stamped before the question is sent: the answer may already be old when it comes.
    const askedAt = this.clock.now();
    const token = await this.ask(text);
    this.kept.delete(digest);
    if (token && mayReuse) this.keep(digest, token, askedAt);
    return token;
  }

  private reuse(digest: string): AccessTokenClaims | null {
    const entry = this.kept.get(digest);
    if (!entry) return null;
    if (this.clock.since(entry.askedAt) < this.settings.cacheMs && this.isLive(entry.token)) return entry.token;
    this.kept.delete(digest);
    return null;
  }

  private keep(digest: string, token: AccessTokenClaims, askedAt: Moment): void {
    const oldest = this.kept.keys().next();
    if (this.kept.size >= MAX_KEPT && !oldest.done) this.kept.delete(oldest.value);
    this.kept.set(digest, { token, askedAt });
  }

  private async ask(text: string): Promise<AccessTokenClaims | null> {
    if (this.underWay >= MAX_UNDER_WAY) throw new Unavailable('Too many credentials are being checked.');
    this.underWay += 1;
    try {
      const { status, json } = await this.backend.introspect(text);
      if (status !== 200) throw new Unavailable(`The auth service answered with status ${status}.`);
      return this.read(asRecord(json));
    } finally {
      this.underWay -= 1;
    }
  }

  /** A yes is looked at as hard as a token's claims; one that does not fit together is no answer. */
  private read(answer: Record<string, unknown> | null): AccessTokenClaims | null {
    if (answer?.active === false) return null;
    const token = answer?.active === true && readHolder(answer);
    if (!token) throw new Unavailable('The auth service gave an answer that makes no sense.');
    const isForUs = answer.iss === this.settings.issuer && isAudience(answer.aud, this.settings.audience);
    if (!isForUs) this.misfits.note(answer);
    return isForUs && this.isLive(token) ? token : null;
  }

  private isLive(token: AccessTokenClaims): boolean {
    return !hasExpired(token, this.clock.now().wall / 1000);
  }
}
