import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { Clock, type Moment } from '../core/clock.js';
import { SessionPolicy, touchIntervalMs } from './session-policy.options.js';
import { SessionStore } from './session.store.js';

const MAX_REMEMBERED = 100_000;

/** Tells the store, after the request and at most once per interval, that a session was used. The store has the last word. */
@Injectable()
export class UseRecorder implements OnModuleDestroy {
  private readonly logger = new Logger('use');
  private readonly recordedAt = new Map<string, Moment>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly store: SessionStore,
    private readonly policy: SessionPolicy,
    private readonly clock: Clock,
  ) {}

  record(sessionId: string): void {
    const last = this.recordedAt.get(sessionId);
    if (last !== undefined && this.clock.since(last) < touchIntervalMs(this.policy)) return;
    // Forgetting merely costs a statement that finds nothing to do.
    if (this.recordedAt.size >= MAX_REMEMBERED) this.recordedAt.clear();
    this.recordedAt.set(sessionId, this.clock.now());
    const touch = this.touch(sessionId);
    this.underWay.add(touch);
    void touch.finally(() => this.underWay.delete(touch));
  }

  /** Resolves when every use recorded so far is written. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async touch(sessionId: string): Promise<void> {
    try {
      await this.store.touch(sessionId);
    } catch (error) {
      this.recordedAt.delete(sessionId);
      this.logger.warn({ code: error instanceof AppError ? error.code : 'internal_error' });
    }
  }
}
