import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { Lately } from '../core/lately.js';
import { ENDED_LATELY_MS } from '../sessions/retention.js';
import type { ChangedUser } from '../users/user.store.js';

/** A user's change, dated by the clock of the store that keeps the sessions, and what the users' store's clock was when it told. */
export interface ToldChange extends ChangedUser {
  readonly asOf: Date;
}

/** The users whose epoch has moved lately: their last change each. */
@Injectable()
export class ChangedUsers {
  private readonly changes: Lately<ToldChange>;

  constructor(clock: Clock) {
    this.changes = new Lately(clock, ENDED_LATELY_MS);
  }

  /** Whether this change is known, so that what it ended is known as well. */
  knows({ userId, authEpoch }: ChangedUser): boolean {
    return this.changes.get(userId)?.authEpoch === authEpoch;
  }

  learn(change: ChangedUser, asOf: Date): void {
    this.changes.set(change.userId, { ...change, asOf });
  }

  /** In the order in which the store told of them. */
  told(): ToldChange[] {
    return [...this.changes.all()].map(([, change]) => change);
  }
}
