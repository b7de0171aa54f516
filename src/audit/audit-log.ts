import { Injectable, Logger } from '@nestjs/common';
import { AUDIT } from '../core/line-logger.js';
import type { AuditEntry } from './audit-entry.js';
import { SallyportEvents } from './events.js';

/**
 * A line of the log for each entry, whatever `LOG_LEVEL` is: what happened is also known where the database is not. Whoever listens for
 * events hears of it, too.
 */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger(AUDIT);

  constructor(private readonly events: SallyportEvents) {}

  say(entry: AuditEntry): void {
    const known = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
    if (entry.event === 'authn_token_reuse') this.logger.warn(known);
    else this.logger.log(known);
    this.events.tell(entry);
  }

  /** Entries whose rows could not be written. */
  sayLost(count: number): void {
    this.logger.warn({ rowsLost: count });
  }
}
