import {
  type AuthMode,
  type EndReason,
  REMEMBERED_MS,
  SessionPolicy,
  touchIntervalMs,
} from '../../sessions/session.js';
import type { Session } from '../../sessions/session.js';
import {
  type EndedSessions,
  type NewSession,
  type Opening,
  SessionStore,
  type SessionState,
} from '../../sessions/session.store.js';
import { DEATH, SESSION_COLUMNS, type SessionRow, toHolder, toSession } from './session.row.js';
import * as sql from './session.sql.js';
import type { Statements } from './statements.js';

const ms = (value: number): string => `${value} ms`;

export class PostgresSessionStore extends SessionStore {
  constructor(
    private readonly statements: Statements,
    private readonly policy: SessionPolicy,
  ) {
    super();
  }

  async open(session: NewSession): Promise<Opening> {
    const { policy } = this;
    const [row] = await this.statements.run<sql.OpenedRow>('session_open', sql.OPEN, [
      session.id,
      session.userId,
      session.authEpoch,
      session.mode,
      session.transport,
      session.device,
      session.ip,
      session.tokenDigest,
      ms(policy.idleSeconds * 1000),
      ms(policy.absoluteSeconds * 1000),
      policy.maxPerUser,
      policy.limitPolicy === 'evict-oldest',
    ]);
    if (row!.outcome !== 'opened') return { outcome: row!.outcome };
    const { id, userId, mode, transport, device, ip } = session;
    const { opened_at: createdAt, idle_expires_at: idleExpiresAt, expires_at: expiresAt, evicted } = row!;
    const opened = {
      id,
      userId,
      mode,
      transport,
      device,
      ip,
      createdAt,
      lastSeenAt: createdAt,
      idleExpiresAt,
      expiresAt,
    };
    return { outcome: 'opened', session: opened, evicted };
  }

  async find(sessionId: string): Promise<SessionState> {
    const [row] = await this.statements.run<SessionRow & { roles: string[]; death: 'revoked' | 'expired' | null }>(
      'session_find',
      `SELECT ${SESSION_COLUMNS}, u.roles, ${DEATH('sallyport_now()')} AS death
       FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1`,
      [sessionId],
    );
    if (!row) return { state: 'unknown' };
    return row.death ? { state: row.death } : { state: 'live', holder: toHolder(row) };
  }

  async touch(sessionId: string): Promise<void> {
    await this.statements.run('session_touch', sql.TOUCH, [
      sessionId,
      ms(this.policy.idleSeconds * 1000),
      ms(touchIntervalMs(this.policy)),
    ]);
  }

  async list(userId: string): Promise<Session[]> {
    const rows = await this.statements.run<SessionRow>('session_list', sql.LIST, [userId]);
    return rows.map(toSession);
  }

  async end(userId: string, sessionId: string, reason: EndReason): Promise<boolean> {
    const rows = await this.statements.run('session_end', sql.END, [sessionId, userId, reason]);
    return rows.length > 0;
  }

  async endOthers(userId: string, keepId: string | null, reason: EndReason): Promise<string[]> {
    return this.endMany('session_end_others', sql.END_OTHERS, [userId, keepId, reason]);
  }

  async endOlder(userId: string, authEpoch: number, reason: EndReason): Promise<string[]> {
    return this.endMany('session_end_older', sql.END_OLDER, [userId, authEpoch, reason]);
  }

  async endedSince(since: Date, limit: number): Promise<EndedSessions> {
    const rows = await this.statements.run<{ id: string | null; ended_at: Date; as_of: Date }>(
      'session_ended_since',
      sql.ENDED_SINCE,
      [since, limit],
    );
    const ended = rows.flatMap((row) => (row.id ? [{ sessionId: row.id, endedAt: row.ended_at }] : []));
    return { ended, asOf: rows[0]!.as_of };
  }

  async countByMode(): Promise<Record<AuthMode, number>> {
    const rows = await this.statements.run<{ mode: AuthMode; count: number }>('session_count', sql.COUNT_BY_MODE);
    return { session: 0, jwt: 0, ...Object.fromEntries(rows.map((row) => [row.mode, row.count])) };
  }

  async sweep(batch: number): Promise<number> {
    return (await this.statements.run('session_sweep', sql.SWEEP, [ms(REMEMBERED_MS), batch])).length;
  }

  async ping(): Promise<void> {
    await this.statements.run('ping', 'SELECT 1');
  }

  private async endMany(name: string, text: string, values: unknown[]): Promise<string[]> {
    return (await this.statements.run<{ id: string }>(name, text, values)).map((row) => row.id);
  }
}
