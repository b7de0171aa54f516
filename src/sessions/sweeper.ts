import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UnavailableError } from '../core/app-error.js';
import { SessionStore } from './session.store.js';

const EVERY_MS = 60_000;
const BATCH = 500;
const BETWEEN_BATCHES_MS = 10;

/** Deletes, in small slices, the sessions that died more than a day ago. Of several instances one sweeps at a time. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('sweeper');
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly store: SessionStore) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(
      () => (this.sweeping ??= this.sweepQuietly().finally(() => (this.sweeping = undefined))),
      EVERY_MS,
    );
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** Sweeps until nothing is left to sweep; says how many sessions went. */
  async sweep(): Promise<number> {
    let swept = 0;
    for (;;) {
      const { sessions, isDone } = await this.store.sweep(BATCH);
      swept += sessions;
      if (isDone || this.stopped) return swept;
      await pause(BETWEEN_BATCHES_MS);
    }
  }

  private async sweepQuietly(): Promise<void> {
    try {
      const swept = await this.sweep();
      if (swept > 0) this.logger.log({ swept });
    } catch (error) {
      // Whatever it was: nobody waits for a sweep, so that an error that left here would end the process.
      if (error instanceof UnavailableError)
        this.logger.warn('The store is not answering; the next sweep will try again.');
      else this.logger.error({ failed: error instanceof Error ? error.name : typeof error });
    }
  }
}
