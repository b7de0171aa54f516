import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UnavailableError } from '../core/app-error.js';
import { ageOf, LONG_AGO, moment } from '../core/moment.js';
import { RevocationHints } from '../sessions/revocation-hints.js';
import { ClockSkewError, RevocationReader } from './revocation-reader.js';

/**
 * How long a session that was ended elsewhere may be let in here, whatever fails: what the store has told is taken for the
 * whole truth for no longer than this, reckoned from before it was asked.
 */
export const REVOCATION_BOUND_MS = 1_000;
/** How often the store is asked. A revocation elsewhere is known here within this and the time of one answer. */
const PULL_EVERY_MS = 500;
/** How often it is asked for everything recent: a commit that the database held up may show itself late. */
const PULL_AGAIN_EVERY_MS = 10_000;
/** Hints may come in any number; they make the store be asked no more often than this. */
const HINTED_EVERY_MS = 50;

/**
 * Keeps this instance up to date with what others have ended. It asks every half second, and at once when it is given a hint;
 * only the first of these is relied on.
 */
@Injectable()
export class RevocationFeed implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('revocations');
  /** Taken before the store was asked. */
  private upToDateAt = LONG_AGO;
  private askedAt = LONG_AGO;
  private pulling: Promise<void> | undefined;
  private pullingAgain: Promise<void> | undefined;
  /** A hint came that no pull has followed yet. */
  private hinted = false;
  private closed = false;
  private timers: NodeJS.Timeout[] = [];
  /** What the last question failed with. */
  private trouble: unknown = null;

  constructor(
    private readonly reader: RevocationReader,
    private readonly hints: RevocationHints,
  ) {}

  /** Whether everything that ended longer ago than the bound is known here. Also false after this process was held up. */
  get isHealthy(): boolean {
    return ageOf(this.upToDateAt) < REVOCATION_BOUND_MS;
  }

  /** Whether this instance knows what had ended before it started. A clock that differs keeps nobody from reading that. */
  get isLoaded(): boolean {
    return this.upToDateAt !== LONG_AGO || this.isSkewed;
  }

  /** Whether this instance's clock was found to differ from a store's. */
  get isSkewed(): boolean {
    return this.trouble instanceof ClockSkewError;
  }

  /** Before the application listens. When this first pull fails, the instance is not ready and each request asks the store. */
  async onApplicationBootstrap(): Promise<void> {
    this.hints.listen(() => void this.pullAfresh());
    await this.pull();
    this.timers = [
      setInterval(() => void this.pull(), PULL_EVERY_MS),
      setInterval(() => void this.pullAgain(), PULL_AGAIN_EVERY_MS),
    ];
    for (const timer of this.timers) timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.hints.close();
    await this.pulling;
    await this.pullingAgain;
  }

  /** Asks once, now; who asks while that is under way gets the same answer. */
  async pull(): Promise<void> {
    this.pulling ??= this.pullOnce().finally(() => (this.pulling = undefined));
    await this.pulling;
  }

  /** Beside the others, which may rely on being quick. If it fails it is due again soon, and they tell of it. */
  private async pullAgain(): Promise<void> {
    this.pullingAgain ??= this.reader
      .readAgain()
      .catch(() => undefined)
      .finally(() => (this.pullingAgain = undefined));
    await this.pullingAgain;
  }

  /** A pull that is under way may have asked before the commit that the hint is about, so another one follows it. */
  private async pullAfresh(): Promise<void> {
    if (this.closed || this.hinted) return;
    this.hinted = true;
    await this.pulling;
    const left = HINTED_EVERY_MS - ageOf(this.askedAt);
    if (left > 0) await pause(left);
    this.hinted = false;
    if (!this.closed) await this.pull();
  }

  private async pullOnce(): Promise<void> {
    const askedAt = moment();
    this.askedAt = askedAt;
    try {
      await this.reader.read();
      this.upToDateAt = askedAt;
      this.trouble = null;
    } catch (error) {
      // Whatever it was: without an answer the feed turns unhealthy by itself, and each request asks the store.
      const failed = describe(error);
      if (this.trouble === null || describe(this.trouble) !== failed) this.logger.error({ failed });
      this.trouble = error;
    }
  }
}

function describe(error: unknown): string {
  if (error instanceof ClockSkewError) return error.message;
  if (error instanceof UnavailableError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
