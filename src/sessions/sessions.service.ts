import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { AuditLog } from '../core/audit-log.js';
import { EndedSessions } from './ended-sessions.js';
import { RevocationAnnouncer } from './revocation.announcer.js';
import type { EndReason, Session } from './session.js';
import { type NewSession, type Opening, SessionStore, type SessionState } from './session.store.js';

/** Sessions as the other rooms use them. Whatever ends here is refused on this instance before the caller goes on. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly store: SessionStore,
    private readonly ended: EndedSessions,
    private readonly announcer: RevocationAnnouncer,
    private readonly audit: AuditLog,
  ) {}

  async open(session: NewSession): Promise<Opening> {
    const opening = await this.store.open(session);
    if (opening.outcome === 'opened' && opening.evicted.length > 0) {
      this.remember(opening.evicted);
      this.audit.write('excess_sessions_exceeded', { userId: session.userId, count: opening.evicted.length });
    }
    if (opening.outcome === 'limit_reached') this.audit.write('excess_sessions_exceeded', { userId: session.userId });
    return opening;
  }

  async find(sessionId: string): Promise<SessionState> {
    return this.store.find(sessionId);
  }

  async list(userId: string): Promise<Session[]> {
    return this.store.list(userId);
  }

  /** False when it is no id, not there, not theirs, or dead already. */
  async end(userId: string, sessionId: string, reason: EndReason): Promise<boolean> {
    if (!isUuid(sessionId) || !(await this.store.end(userId, sessionId, reason))) return false;
    this.noteEnded([sessionId], userId, reason);
    return true;
  }

  /** Ends all live sessions of the user but `keepId`; says how many. */
  async endOthers(userId: string, keepId: string | null, reason: EndReason): Promise<number> {
    const ended = await this.store.endOthers(userId, keepId, reason);
    this.noteEnded(ended, userId, reason);
    return ended.length;
  }

  /** Ends what the user opened before their epoch moved to `authEpoch`. */
  async endOlder(userId: string, authEpoch: number): Promise<void> {
    this.noteEnded(await this.store.endOlder(userId, authEpoch, 'user_changed'), userId, 'user_changed');
  }

  /** For what a store has ended by itself, in the act that found it out. */
  noteEnded(sessionIds: readonly string[], userId: string, reason: EndReason): void {
    this.remember(sessionIds);
    for (const sessionId of sessionIds) {
      this.audit.write(reason === 'token_reused' ? 'authn_token_reuse' : 'authn_token_revoked', {
        userId,
        sessionId,
        reason,
      });
    }
  }

  /** Refused here from now on, and soon on the other instances. */
  private remember(ended: readonly string[]): void {
    if (ended.length === 0) return;
    this.ended.add(ended);
    this.announcer.announce();
  }
}
