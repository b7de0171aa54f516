import { type EndReason, SessionPolicy, touchIntervalMs } from '../../sessions/session.js';
import {
  type Rotation,
  type RotationResult,
  TokenStore,
  type TokenRefusal,
  type TokenUse,
} from '../../sessions/token.store.js';
import { type SessionRow, toHolder } from './session.row.js';
import * as sessionSql from './session.sql.js';
import type { Statements } from './statements.js';
import * as sql from './token.sql.js';

type Refused = Exclude<TokenRefusal, { verdict: 'unknown' }>['verdict'];
type JudgedRow<Good extends string> = SessionRow & { roles: string[]; verdict: Good | Refused };

const ms = (value: number): string => `${value} ms`;

export class PostgresTokenStore extends TokenStore {
  constructor(
    private readonly statements: Statements,
    private readonly policy: SessionPolicy,
  ) {
    super();
  }

  async use(digest: Buffer): Promise<TokenUse> {
    const [row] = await this.statements.run<JudgedRow<'held'> & { touch_due: boolean }>('token_use', sql.USE, [
      digest,
      this.grace,
      ms(touchIntervalMs(this.policy)),
    ]);
    if (!row) return { verdict: 'unknown' };
    if (row.verdict === 'held') {
      if (row.touch_due) await this.touch(row.id);
      return { verdict: 'held', holder: toHolder(row) };
    }
    if (row.verdict === 'reused') await this.statements.run('token_end_reused', sql.END_REUSED, [digest]);
    return { verdict: row.verdict, sessionId: row.id, userId: row.user_id };
  }

  async rotate(rotation: Rotation): Promise<RotationResult> {
    const [row] = await this.statements.run<JudgedRow<'rotated' | 'replayed'> & { salt: Buffer }>(
      'token_rotate',
      sql.ROTATE,
      [
        rotation.digest,
        this.grace,
        rotation.successorDigest,
        rotation.salt,
        ms(this.policy.idleSeconds * 1000),
        rotation.mode,
        rotation.transport,
      ],
    );
    if (!row) return { verdict: 'unknown' };
    if (row.verdict === 'rotated' || row.verdict === 'replayed') {
      return { verdict: row.verdict, holder: toHolder(row), salt: row.salt };
    }
    return { verdict: row.verdict, sessionId: row.id, userId: row.user_id };
  }

  async sessionOf(digest: Buffer): Promise<{ sessionId: string; userId: string } | null> {
    return this.named('token_session', sql.SESSION_OF, [digest]);
  }

  async endBy(digest: Buffer, reason: EndReason): Promise<{ sessionId: string; userId: string } | null> {
    return this.named('token_end', sql.END_BY, [digest, reason]);
  }

  private async touch(sessionId: string): Promise<void> {
    const interval = ms(touchIntervalMs(this.policy));
    await this.statements.run('session_touch', sessionSql.TOUCH, [
      sessionId,
      ms(this.policy.idleSeconds * 1000),
      interval,
    ]);
  }

  private async named(
    name: string,
    text: string,
    values: unknown[],
  ): Promise<{ sessionId: string; userId: string } | null> {
    const [row] = await this.statements.run<{ id: string; user_id: string }>(name, text, values);
    return row ? { sessionId: row.id, userId: row.user_id } : null;
  }

  private get grace(): string {
    return ms(this.policy.graceSeconds * 1000);
  }
}
