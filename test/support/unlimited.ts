import { LimitReports } from '../../src/limits/limit-reports.js';
import { LimitStore, type Taking } from '../../src/limits/limit.store.js';
import { Limiter } from '../../src/limits/limiter.js';
import { MovedClock } from './moved-clock.js';
import { HeardAudit } from '../../src/contract/told.js';

/** Counts nothing. */
class NoLimits extends LimitStore {
  async take(): Promise<Taking> {
    return { takenAt: 'never' };
  }

  async giveBack(): Promise<void> {}

  async sweep(): Promise<number> {
    return 0;
  }
}

/** For tests of parts that are about something else. */
export const unlimited = (): Limiter =>
  new Limiter(new NoLimits(), { areOn: false }, new LimitReports(new HeardAudit(), new MovedClock()));
