import type { AuthMode } from '../../core/credential.js';
import type { Origin } from '../../core/origin.js';
import type { AuditTrail } from '../../audit/audit-trail.js';
import type { UserStore } from '../../users/user.store.js';
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
import { checkEpoch } from '../epoch-check.js';
import { ToldAfter } from '../told-after.js';
import type { StoreClock } from './redis-clock.js';
import type { RedisConnection } from './redis-connection.js';
import type { RedisScript } from './redis-script.js';
import { RedisScripts } from './redis-scripts.js';
import { type EndingReply, type Fields, toEnding, toFields, toHolder, toSession } from './redis-session.js';
import * as scripts from './scripts/session.scripts.js';

type Opened = ['opened', string, Fields, string[]] | ['limit_reached'] | ['user_changed'];
type Found = ['live' | 'expired' | 'revoked', string, Fields] | ['unknown'];

/**
 * Sessions in Redis, each act one script. Redis keeps what it keeps: after a FLUSHALL, a restored snapshot or a lost disk
 * sessions are unknown or as old as the snapshot, and its clock is the one that counts.
 */
export class RedisSessionStore extends SessionStore {
  private readonly scripts: RedisScripts;
  private readonly told: ToldAfter;

  constructor(
    private readonly redis: RedisConnection,
    private readonly policy: SessionPolicy,
    private readonly users: UserStore,
    now: StoreClock,
    audit: AuditTrail,
  ) {
    super();
    this.told = new ToldAfter(audit);
    this.scripts = new RedisScripts(redis, now);
  }

  async open(session: NewSession, origin: Origin): Promise<Opening> {
    const opening = this.told.evictions(await this.openByLimit(session), session, origin);
    const end = () => this.finish(session.userId, session.id, 'user_changed');
    return this.told.opened(await checkEpoch(opening, session, this.users, end), session, origin);
  }

  async find(sessionId: string): Promise<SessionState> {
    const found = (await this.scripts.run(scripts.FIND, [sessionId])) as Found;
    if (found[0] !== 'live') return { state: found[0] };
    return { state: 'live', holder: toHolder(found[1], found[2]) };
  }

  async touch(sessionId: string): Promise<void> {
    const { idleSeconds, graceSeconds } = this.policy;
    const windows = [idleSeconds * 1000, touchIntervalMs(this.policy), graceSeconds * 1000];
    await this.scripts.run(scripts.TOUCH, [sessionId, ...windows]);
  }

  async list(userId: string): Promise<Session[]> {
    const found = (await this.scripts.run(scripts.LIST, [userId])) as [string, Fields][];
    const sessions = found.map(([id, fields]) => toSession(id, fields));
    return sessions.sort((a, b) => b.lastSeenAt.getTime() - a.lastSeenAt.getTime() || (a.id < b.id ? 1 : -1));
  }

  async end(userId: string, sessionId: string, cause: Cause): Promise<Ending | null> {
    return this.told.ending(await this.finish(userId, sessionId, cause.reason), cause);
  }

  async endOthers(userId: string, keepId: string | null, cause: Cause): Promise<Endings> {
    return this.endMany(scripts.END_OTHERS, userId, keepId ?? '', cause);
  }

  async endOlder(userId: string, authEpoch: number, cause: Cause): Promise<Endings> {
    return this.endMany(scripts.END_OLDER, userId, authEpoch, cause);
  }

  async endedSince(since: Date, limit: number): Promise<EndedPage> {
    const reply = await this.scripts.run(scripts.ENDED_SINCE, [since.getTime(), limit]);
    const [asOf, log] = reply as [number, string[]];
    const ended: { sessionId: string; endedAt: Date }[] = [];
    for (let i = 0; i + 1 < log.length; i += 2) {
      ended.push({ sessionId: log[i]!, endedAt: new Date(Number(log[i + 1])) });
    }
    return { ended, asOf: new Date(asOf) };
  }

  async countByMode(): Promise<Record<AuthMode, number>> {
    const [session, jwt] = (await this.scripts.run(scripts.COUNT_BY_MODE)) as [number, number];
    return { session, jwt };
  }

  async sweep(batch: number): Promise<Swept> {
    const sessions = (await this.scripts.run(scripts.SWEEP, [batch])) as number;
    return { sessions, isDone: sessions < batch };
  }

  async ping(): Promise<void> {
    await this.redis.send(['SET', `${this.redis.prefix}probe`, '', 'PX', '60000']);
  }

  private async finish(userId: string, sessionId: string, reason: Cause['reason']): Promise<Ending | null> {
    return toEnding((await this.scripts.run(scripts.END, [userId, sessionId, reason])) as EndingReply);
  }

  private async endMany(script: RedisScript, userId: string, bound: string | number, cause: Cause): Promise<Endings> {
    const [ended, over] = (await this.scripts.run(script, [userId, bound, cause.reason])) as [string[], string[]];
    return this.told.endings({ ended, over }, userId, cause);
  }

  private async openByLimit(session: NewSession): Promise<Opening> {
    const { id, tokenDigest, provedMsAgo } = session;
    const { idleSeconds, absoluteSeconds, maxPerUser, limitPolicy } = this.policy;
    const opened = (await this.scripts.run(scripts.OPEN, [
      ...[id, tokenDigest.toString('base64url'), Math.round(provedMsAgo)],
      ...[idleSeconds * 1000, absoluteSeconds * 1000, maxPerUser, limitPolicy],
      ...toFields(session),
    ])) as Opened;
    if (opened[0] !== 'opened') return { outcome: opened[0] };
    return { outcome: 'opened', session: toSession(opened[1], opened[2]), evicted: opened[3] };
  }
}
