import { SallyportEvents } from '../../src/audit/events.js';
import { AuditLog } from '../../src/audit/audit-log.js';
import type { AuditEntry } from '../../src/audit/audit-entry.js';
import type { StorageParts } from '../../src/storage/sides.js';
import { MovedClock, MovedRedisTime } from './moved-clock.js';
import { POLICY } from '../../src/contract/store-fixture.js';
import { toldTime } from './told-time.js';

/** A log that keeps what it is told. */
export class KeptLog extends AuditLog {
  readonly said: AuditEntry[] = [];

  override say(entry: AuditEntry): void {
    this.said.push(entry);
  }
}

/** What `openStorage` is given beside its options. */
export function storageParts(): StorageParts & { readonly clock: MovedClock; readonly log: KeptLog } {
  const clock = new MovedClock();
  return {
    clock,
    time: toldTime(clock),
    log: new KeptLog(new SallyportEvents({ on: {} })),
    policy: POLICY,
    redisClock: new MovedRedisTime(),
  };
}
