import { type SessionPolicy, touchIntervalMs } from '../../sessions/session-policy.options.js';
import type { EndReason } from '../../sessions/session.js';
import type { Ending } from '../../sessions/session.store.js';
import {
  type Rotation,
  type RotationResult,
  TokenStore,
  type TokenRefusal,
  type TokenUse,
} from '../../sessions/token.store.js';
import { type EndingRow, type SessionRow, toEnding, toHolder } from './session.row.js';
import { END_BY, TOUCH } from './session.sql.js';
import { ms, type Statements } from './statements.js';
import { END_REUSED, ROTATE, USE } from './token.sql.js';

type Refused = Exclude<TokenRefusal, { verdict: 'unknown' }>['verdict'];
type JudgedRow<Good extends string> = SessionRow & { roles: string[]; verdict: Good | Refused };

export class PostgresTokenStore extends TokenStore {
  constructor(
    private readonly statements: Statements,
    private readonly policy: SessionPolicy,
  ) {
    super();
  }

  async use(digest: Buffer): Promise<TokenUse> {
    const interval = ms(touchIntervalMs(this.policy));
    const [row] = await this.statements.run<JudgedRow<'held'> & { touch_due: boolean }>(USE, [
      digest,
      this.grace,
      interval,
    ]);
    if (!row) return { verdict: 'unknown' };
    if (row.verdict !== 'held') return { ...(await this.refusal(row.verdict, digest)), ...named(row) };
    if (row.touch_due) await this.statements.run(TOUCH, [row.id, this.idle, interval]);
    return { verdict: 'held', holder: toHolder(row) };
  }

  async rotate(rotation: Rotation): Promise<RotationResult> {
    const { digest, successorDigest, salt, mode, transport } = rotation;
    const [row] = await this.statements.run<JudgedRow<'rotated' | 'replayed'> & { salt: Buffer }>(ROTATE, [
      ...[digest, this.grace, successorDigest, salt, this.idle, mode, transport],
    ]);
    if (!row) return { verdict: 'unknown' };
    const { verdict } = row;
    if (verdict === 'rotated' || verdict === 'replayed') return { verdict, holder: toHolder(row), salt: row.salt };
    return { verdict, ...named(row) };
  }

  async endBy(digest: Buffer, reason: EndReason): Promise<Ending | null> {
    const [row] = await this.statements.run<EndingRow>(END_BY, [digest, reason]);
    return row ? toEnding(row) : null;
  }

  /** Of several that find the same reuse at once, one ends the session; for the others it has been ended. */
  private async refusal(verdict: Refused, digest: Buffer): Promise<{ verdict: Refused }> {
    if (verdict !== 'reused') return { verdict };
    const ended = await this.statements.run(END_REUSED, [digest]);
    return { verdict: ended.length > 0 ? 'reused' : 'revoked' };
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
