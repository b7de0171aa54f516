import { setTimeout as pause } from 'node:timers/promises';
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UnavailableError } from './app-error.js';
import { failureName } from './failure-name.js';

const EVERY_MS = 60_000;
const BATCH = 500;
const BETWEEN_SLICES_MS = 10;

/** Deletes in small slices, once a minute, what nobody will ask for again. */
export abstract class Sweeps implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('sweeper');
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private stopped = false;

  /** What is swept, for the log. */
  protected abstract readonly what: string;

  /** Deletes at most `batch`. Done: nothing is left to delete, or another instance is at it. */
  protected abstract slice(batch: number): Promise<{ readonly swept: number; readonly isDone: boolean }>;

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

  /** Sweeps until nothing is left to sweep; says how much went. */
  async sweep(): Promise<number> {
    let total = 0;
    for (;;) {
      const { swept, isDone } = await this.slice(BATCH);
      total += swept;
      if (isDone || this.stopped) return total;
      await pause(BETWEEN_SLICES_MS);
    }
  }

  private async sweepQuietly(): Promise<void> {
    try {
      const swept = await this.sweep();
      if (swept > 0) this.logger.log({ what: this.what, swept });
    } catch (error) {
      // Whatever it was: nobody waits for a sweep, so that an error that left here would end the process.
      if (error instanceof UnavailableError)
        this.logger.warn('The store is not answering; the next sweep will try again.');
      else this.logger.error({ failed: failureName(error) });
    }
  }
}
