import type { Origin } from '../../core/origin.js';
import type { AuditTrail } from '../../audit/audit-trail.js';
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
import { ToldAfter } from '../told-after.js';
import type { StoreClock } from './redis-clock.js';
import type { RedisConnection } from './redis-connection.js';
import { RedisScripts } from './redis-scripts.js';
import { type EndingReply, type Fields, saltOf, toEnding, toHolder } from './redis-session.js';
import * as scripts from './scripts/token.scripts.js';

type Refused = ['unknown'] | ['superseded' | 'reused' | 'expired' | 'revoked', string, string];
type Used = ['held', string, Fields] | Refused;
type Rotated =
  ['rotated', string, Fields] | ['replayed', string, Fields] | ['too_fast', string, string, number] | Refused;

/** Tokens in Redis, by digest alone, each act one script. */
export class RedisTokenStore extends TokenStore {
  private readonly scripts: RedisScripts;
  private readonly told: ToldAfter;

  constructor(
    redis: RedisConnection,
    private readonly policy: SessionPolicy,
    now: StoreClock,
    audit: AuditTrail,
  ) {
    super();
    this.told = new ToldAfter(audit);
    this.scripts = new RedisScripts(redis, now);
  }

  async use(digest: Buffer, origin: Origin): Promise<TokenUse> {
    const touchInterval = touchIntervalMs(this.policy);
    const used = (await this.scripts.run(scripts.USE, [keyed(digest), ...this.windows, touchInterval])) as Used;
    if (used[0] !== 'held') return this.told.refusal(toRefusal(used), origin);
    return { verdict: 'held', holder: toHolder(used[1], used[2]) };
  }

  async rotate(rotation: Rotation, origin: Origin): Promise<RotationResult> {
    const rotated = (await this.scripts.run(scripts.ROTATE, [
      keyed(rotation.digest),
      ...this.windows,
      keyed(rotation.successorDigest),
      rotation.salt.toString('base64url'),
      rotation.mode,
      rotation.transport,
      this.policy.rotationsAreLimited ? ROTATIONS.quota : 0,
      ROTATIONS.seconds * 1000,
    ])) as Rotated;
    if (rotated[0] === 'too_fast') {
      const [verdict, sessionId, userId, retryAfterMs] = rotated;
      return { verdict, sessionId, userId, retryAfterMs };
    }
    if (rotated[0] !== 'rotated' && rotated[0] !== 'replayed') return this.told.refusal(toRefusal(rotated), origin);
    const [verdict, id, fields] = rotated;
    return { verdict, holder: toHolder(id, fields), salt: saltOf(fields) };
  }

  async endBy(digest: Buffer, cause: Cause): Promise<Ending | null> {
    const reply = await this.scripts.run(scripts.END_BY, [keyed(digest), cause.reason, this.windows[0]]);
    return this.told.ending(toEnding(reply as EndingReply), cause);
  }

  /** The grace window and the idle time, in milliseconds. */
  private get windows(): [number, number] {
    return [this.policy.graceSeconds * 1000, this.policy.idleSeconds * 1000];
  }
}

function keyed(digest: Buffer): string {
  return digest.toString('base64url');
}

function toRefusal(refused: Refused): TokenRefusal {
  if (refused[0] === 'unknown') return { verdict: 'unknown' };
  const [verdict, sessionId, userId] = refused;
  return { verdict, sessionId, userId };
}
