import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/core/clock.js';
import { MemoryUserStore } from '../../src/storage/memory/memory-user.store.js';
import type { User } from '../../src/users/user.js';
import { MovedClock } from './moved-clock.js';

/** Users in memory whose reads take a turn, so that races can happen. */
export class FakeUserStore extends MemoryUserStore {
  constructor(clock: Clock = new MovedClock()) {
    super(clock);
  }

  override async find(id: string): Promise<User | null> {
    await nextTurn();
    const user = await super.find(id);
    await nextTurn();
    return user;
  }

  override async changePassword(id: string, authEpoch: number, passwordHash: string): Promise<User | null> {
    await nextTurn();
    return super.changePassword(id, authEpoch, passwordHash);
  }
}
