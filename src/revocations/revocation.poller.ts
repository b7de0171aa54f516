import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UnavailableError } from '../core/app-error.js';
import { Clock, LONG_AGO } from '../core/clock.js';
import { StoreTime } from '../core/store-time.js';
import { RevocationHints } from '../sessions/revocation-hints.js';
import { RevocationReader } from './revocation-reader.js';

/** How often the store is asked. A revocation elsewhere is known here within this and the time of one answer. */
export const POLL_EVERY_MS = 500;
/** How often it is asked for everything recent: a commit that the database held up may show itself late. */
const POLL_AGAIN_EVERY_MS = 10_000;
/** Hints may come in any number; they make the store be asked no more often than this. */
const HINTED_EVERY_MS = 50;
/** From here on the log says that the wall clock is not the store's. */
const WRONG_BY_MS = 2_000;

/**
 * Keeps this instance up to date with what others have ended. It asks every half second, and at once when it is given a hint;
 * only the first of these is relied on.
 */
@Injectable()
export class RevocationPoller implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('revocations');
  private askedAt = LONG_AGO;
  private polling: Promise<void> | undefined;
  private pollingAgain: Promise<void> | undefined;
  /** A hint came that no poll has followed yet. */
  private hinted = false;
  private closed = false;
  private timers: NodeJS.Timeout[] = [];
  /** What the last question failed with. */
  private trouble: unknown = null;
  private isWallWrong = false;

  constructor(
    private readonly reader: RevocationReader,
    private readonly hints: RevocationHints,
    private readonly time: StoreTime,
    private readonly clock: Clock,
  ) {}

  /** Before the application listens. When this first poll fails, the instance is not ready and lets no access token in. */
  async onApplicationBootstrap(): Promise<void> {
    this.hints.listen(() => void this.pollAfresh());
    await this.poll();
    this.timers = [
      setInterval(() => void this.poll(), POLL_EVERY_MS),
      setInterval(() => void this.pollAgain(), POLL_AGAIN_EVERY_MS),
    ];
    for (const timer of this.timers) timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.hints.close();
    await this.polling;
    await this.pollingAgain;
  }

  /** Asks once, now; who asks while that is under way gets the same answer. */
  async poll(): Promise<void> {
    this.polling ??= this.pollOnce().finally(() => (this.polling = undefined));
    await this.polling;
  }

  /** Beside the other polls, which may rely on being quick. A failure is told by those, and the next of these comes soon. */
  private async pollAgain(): Promise<void> {
    this.pollingAgain ??= this.reader
      .readAgain()
      .catch(() => undefined)
      .finally(() => (this.pollingAgain = undefined));
    await this.pollingAgain;
  }

  /** A poll that is under way may have asked before the commit that the hint is about, so another one follows it. */
  private async pollAfresh(): Promise<void> {
    if (this.closed || this.hinted) return;
    this.hinted = true;
    await this.polling;
    const left = HINTED_EVERY_MS - this.clock.since(this.askedAt);
    if (left > 0) await pause(left);
    this.hinted = false;
    if (!this.closed) await this.poll();
  }

  /** A wall clock that is wrong does no harm here, but it dates this log, and whoever looks at a token with it may refuse that. */
  private tellOfWallClock(): void {
    const { known } = this.time;
    if (known === null) return;
    const aheadMs = Math.round(this.clock.now().wall - known);
    const isWrong = Math.abs(aheadMs) > WRONG_BY_MS;
    if (isWrong !== this.isWallWrong) this.logger.warn({ wallClock: isWrong ? 'wrong' : 'right', aheadMs });
    this.isWallWrong = isWrong;
  }

  private async pollOnce(): Promise<void> {
    this.askedAt = this.clock.now();
    try {
      await this.reader.read();
      this.trouble = null;
      this.tellOfWallClock();
    } catch (error) {
      // Whatever it was: without an answer what is known grows old by itself, and each request asks the store.
      const failed = describe(error);
      if (this.trouble === null || describe(this.trouble) !== failed) this.logger.error({ failed });
      this.trouble = error;
    }
  }
}

function describe(error: unknown): string {
  if (error instanceof UnavailableError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
