import { UnavailableError } from '../../core/app-error.js';
import type { Origin } from '../../core/origin.js';
import { ROTATIONS } from '../../limits/limit.js';
import { type SessionPolicy, touchIntervalMs } from '../../sessions/session-policy.options.js';
import type { Cause } from '../../sessions/session.js';
import type { Ending } from '../../sessions/session.store.js';
import {
  type Rotation,
  type RotationResult,
  TokenStore,
  type TokenRefusal,
  type TokenUse,
} from '../../sessions/token.store.js';
import { type EndingRow, type SessionRow, tellingOfEnd, toEnding, toHolder } from './session.row.js';
import { TOUCH } from './session.sql.js';
import { ms, type Statements } from './statements.js';
import { END_BY, END_REUSED, ROTATE, USE } from './token.sql.js';
import type { ToldStatements } from './told-statements.js';

type Refused = Exclude<TokenRefusal, { verdict: 'unknown' }>['verdict'];
type JudgedRow<Good extends string> = SessionRow & { roles: string[]; verdict: Good | Refused | 'unknown' };
type RotatedRow = JudgedRow<'rotated' | 'replayed' | 'too_fast'> & { salt: Buffer; wait_ms: number };

export class PostgresTokenStore extends TokenStore {
  constructor(
    private readonly statements: Statements,
    private readonly acts: ToldStatements,
    private readonly policy: SessionPolicy,
  ) {
    super();
  }

  async use(digest: Buffer, origin: Origin): Promise<TokenUse> {
    const interval = ms(touchIntervalMs(this.policy));
    const [row] = await this.statements.run<JudgedRow<'held'> & { touch_due: boolean }>(USE, [
      digest,
      this.grace,
      interval,
    ]);
    if (!row) return { verdict: 'unknown' };
    const { verdict } = row;
    if (verdict === 'unknown') return { verdict };
    if (verdict !== 'held') return { verdict: await this.refusal(verdict, row.id, origin), ...named(row) };
    if (row.touch_due) await this.touch(row.id, interval);
    return { verdict: 'held', holder: toHolder(row) };
  }

  async rotate(rotation: Rotation, origin: Origin): Promise<RotationResult> {
    const { digest, successorDigest, salt, mode, transport } = rotation;
    const quota = this.policy.rotationsAreLimited ? ROTATIONS.quota : null;
    const [row] = await this.acts.run<RotatedRow>(ROTATE, [
      ...[digest, this.grace, successorDigest, salt, this.idle, mode, transport],
      ...[quota, ms(ROTATIONS.seconds * 1000), tellingOfEnd({ reason: 'token_reused', origin })],
    ]);
    if (!row) return { verdict: 'unknown' };
    const { verdict } = row;
    if (verdict === 'unknown') return { verdict };
    if (verdict === 'rotated' || verdict === 'replayed') return { verdict, holder: toHolder(row), salt: row.salt };
    if (verdict === 'too_fast') return { verdict, ...named(row), retryAfterMs: row.wait_ms };
    return { verdict, ...named(row) };
  }

  async endBy(digest: Buffer, cause: Cause): Promise<Ending | null> {
    const values = [digest, cause.reason, this.grace, tellingOfEnd(cause)];
    const [row] = await this.acts.run<EndingRow>(END_BY, values);
    return row ? toEnding(row) : null;
  }

  /** Of several that find the same reuse at once, one ends the session; for the others it has been ended. */
  private async refusal(verdict: Refused, sessionId: string, origin: Origin): Promise<Refused> {
    if (verdict !== 'reused') return verdict;
    const telling = tellingOfEnd({ reason: 'token_reused', origin });
    const ended = await this.acts.run(END_REUSED, [sessionId, telling]);
    return ended.length > 0 ? 'reused' : 'revoked';
  }

  /** A use that cannot be written down is a use all the same: a database that is read-only still says who holds a token. */
  private async touch(sessionId: string, interval: string): Promise<void> {
    try {
      await this.statements.run(TOUCH, [sessionId, this.idle, interval, this.grace]);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
  }

  private get grace(): string {
    return ms(this.policy.graceSeconds * 1000);
  }

  private get idle(): string {
    return ms(this.policy.idleSeconds * 1000);
  }
}

function named(row: SessionRow): { sessionId: string; userId: string } {
  return { sessionId: row.id, userId: row.user_id };
}
