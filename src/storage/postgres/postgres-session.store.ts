import type { AuthMode } from '../../core/credential.js';
import type { Origin } from '../../core/origin.js';
import { tellingOf } from '../../audit/audit-entry.js';
import { DEAD_REMEMBERED_MS, ENDED_LATELY_MS } from '../../sessions/retention.js';
import { type SessionPolicy, touchIntervalMs } from '../../sessions/session-policy.options.js';
import type { Cause, Session } from '../../sessions/session.js';
import {
  type EndedPage,
  type Ending,
  type Endings,
  type NewSession,
  type Opening,
  SessionStore,
  type SessionState,
  type Swept,
} from '../../sessions/session.store.js';
import * as upkeep from './session-upkeep.sql.js';
import { type EndingRow, type SessionRow, tellingOfEnd, toEnding, toHolder, toJson, toSession } from './session.row.js';
import * as sql from './session.sql.js';
import { ms, type Statement, type Statements } from './statements.js';
import type { ToldStatements } from './told-statements.js';

type OpenedRow = SessionRow & { outcome: 'opened' | 'limit_reached' | 'user_changed'; evicted: string[] };
type FoundRow = SessionRow & { roles: string[]; death: 'revoked' | 'expired' | null };

export class PostgresSessionStore extends SessionStore {
  constructor(
    private readonly statements: Statements,
    private readonly acts: ToldStatements,
    private readonly policy: SessionPolicy,
  ) {
    super();
  }

  async open(session: NewSession, origin: Origin): Promise<Opening> {
    const { idleSeconds, absoluteSeconds, maxPerUser, limitPolicy } = this.policy;
    const policy = {
      idle: ms(idleSeconds * 1000),
      absolute: ms(absoluteSeconds * 1000),
      max: maxPerUser,
      evict: limitPolicy === 'evict-oldest',
    };
    const telling = {
      evicted: tellingOf('authn_token_revoked', origin, 'evicted'),
      excess: tellingOf('excess_sessions_exceeded', origin),
      opened: tellingOf('authn_login_success', origin),
    };
    const [row] = await this.acts.run<OpenedRow>(sql.OPEN, [
      ...[toJson(session), ms(session.provedMsAgo), session.tokenDigest],
      ...[JSON.stringify(policy), JSON.stringify(telling)],
    ]);
    const { outcome, evicted } = row!;
    return outcome === 'opened' ? { outcome, session: toSession(row!), evicted } : { outcome };
  }

  async find(sessionId: string): Promise<SessionState> {
    const [row] = await this.statements.run<FoundRow>(sql.FIND, [sessionId]);
    if (!row) return { state: 'unknown' };
    return row.death ? { state: row.death } : { state: 'live', holder: toHolder(row) };
  }

  async touch(sessionId: string): Promise<void> {
    await this.statements.run(sql.TOUCH, [
      sessionId,
      ms(this.policy.idleSeconds * 1000),
      ms(touchIntervalMs(this.policy)),
      ms(this.policy.graceSeconds * 1000),
    ]);
  }

  async list(userId: string): Promise<Session[]> {
    return (await this.statements.run<SessionRow>(sql.LIST, [userId])).map(toSession);
  }

  async end(userId: string, sessionId: string, cause: Cause): Promise<Ending | null> {
    const [row] = await this.acts.run<EndingRow>(sql.END, [sessionId, userId, cause.reason, tellingOfEnd(cause)]);
    return row ? toEnding(row) : null;
  }

  async endOthers(userId: string, keepId: string | null, cause: Cause): Promise<Endings> {
    return this.endMany(sql.END_OTHERS, [userId, keepId], cause);
  }

  async endOlder(userId: string, authEpoch: number, cause: Cause): Promise<Endings> {
    return this.endMany(sql.END_OLDER, [userId, authEpoch], cause);
  }

  async endedSince(since: Date, limit: number): Promise<EndedPage> {
    const rows = await this.statements.run<{ id: string | null; ended_at: Date; as_of: Date }>(sql.ENDED_SINCE, [
      since,
      limit,
    ]);
    const ended = rows.flatMap((row) => (row.id ? [{ sessionId: row.id, endedAt: row.ended_at }] : []));
    return { ended, asOf: rows[0]!.as_of };
  }

  async countByMode(): Promise<Record<AuthMode, number>> {
    const rows = await this.statements.run<{ mode: AuthMode; count: number }>(upkeep.COUNT_BY_MODE);
    return { session: 0, jwt: 0, ...Object.fromEntries(rows.map((row) => [row.mode, row.count])) };
  }

  async sweep(batch: number): Promise<Swept> {
    const values = [ms(DEAD_REMEMBERED_MS), batch];
    const [swept] = await this.statements.run<{ sessions: number; tokens: number }>(upkeep.SWEEP, values);
    const { sessions, tokens } = swept!;
    return { sessions, isDone: sessions + tokens === 0 };
  }

  async ping(): Promise<void> {
    await this.statements.run(upkeep.PROBE);
  }

  private async endMany(statement: Statement, which: unknown[], cause: Cause): Promise<Endings> {
    const values = [...which, cause.reason, ms(ENDED_LATELY_MS), tellingOfEnd(cause)];
    const rows = await this.acts.run<{ id: string; ended: boolean }>(statement, values);
    const idsOf = (wanted: boolean): string[] => rows.filter(({ ended }) => ended === wanted).map(({ id }) => id);
    return { ended: idsOf(true), over: idsOf(false) };
  }
}
