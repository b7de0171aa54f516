import { Injectable } from '@nestjs/common';
import { EndedLately, notBeforeOf } from '../sessions/ended-lately.js';
import type { EndedSession } from '../sessions/session.store.js';
import type { ChangedUser } from '../users/user.store.js';
import { ChangedUsers } from './changed-users.js';
import { type ReadUpTo, readCursor, RESUME_OVERLAP_MS, writeCursor } from './revocation-cursor.js';
import type { RevocationEvent } from './revocation-event.js';

type Follower = (events: readonly RevocationEvent[]) => void;

/** What ended lately, as it is told to those who follow: the other services. What is remembered is not kept here. */
@Injectable()
export class RevocationWindow {
  private readonly followers = new Set<Follower>();
  private upTo: ReadUpTo = { sessions: 0, users: 0 };

  constructor(
    private readonly ended: EndedLately,
    private readonly changed: ChangedUsers,
  ) {}

  /** Tells the followers of a reading, also of one that brought nothing, and up to when it goes. */
  tell(events: readonly RevocationEvent[], upTo: Partial<ReadUpTo>): void {
    this.upTo = { ...this.upTo, ...upTo };
    for (const follower of this.followers) follower(events);
  }

  /** Where a follower who knows everything so far goes on. */
  get cursor(): string {
    return writeCursor(this.upTo);
  }

  /** Everything since a cursor, or all that is remembered without one. Null when the cursor is malformed, too old or in the future. */
  since(cursor: string | undefined): RevocationEvent[] | null {
    const from = cursor === undefined ? { sessions: 0, users: 0 } : readCursor(cursor, this.upTo);
    if (!from) return null;
    const isNews = (asOf: Date, since: number): boolean => asOf.getTime() >= since - RESUME_OVERLAP_MS;
    return [
      ...this.ended.told().flatMap((end) => (isNews(end.asOf, from.sessions) ? [sessionRevoked(end)] : [])),
      ...this.changed.told().flatMap((change) => (isNews(change.asOf, from.users) ? [userNotBefore(change)] : [])),
    ];
  }

  /** Calls `follower` at each reading. Returns how to stop. */
  follow(follower: Follower): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }
}

export function sessionRevoked({ sessionId: sid, endedAt }: EndedSession): RevocationEvent {
  return { type: 'session-revoked', sid, at: endedAt.getTime() };
}

export function userNotBefore({ userId: sub, changedAt }: ChangedUser): RevocationEvent {
  return { type: 'user-not-before', sub, notBefore: notBeforeOf(changedAt.getTime()) };
}
