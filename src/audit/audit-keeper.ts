import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { failureName } from '../core/failure-name.js';
import { StoreTrouble } from '../core/store-trouble.js';
import { AuditOptions } from './audit.options.js';
import { AuditTrail } from './audit-trail.js';

const EVERY_MS = 6 * 60 * 60 * 1000;

/** Keeps the trail's months: those to come have their place before they begin, and those that are old enough go as a whole. */
@Injectable()
export class AuditKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('audit-keeper');
  private timer: NodeJS.Timeout | undefined;
  private keeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly trail: AuditTrail,
    private readonly options: AuditOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.keep();
    this.timer = setInterval(() => (this.keeping = this.keep()), EVERY_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.keeping;
  }

  /** Whatever stands in its way: an entry without a month of its own is kept all the same. */
  private async keep(): Promise<void> {
    try {
      await this.trail.keepMonths(this.options.retentionDays);
    } catch (error) {
      this.logger.warn({ monthsNotKept: error instanceof StoreTrouble ? error.trouble : failureName(error) });
    }
  }
}
