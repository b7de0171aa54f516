import type { Clock } from './clock.js';

const EVERY_MS = 60_000;

/**
 * Lets each name pass once a minute: for what is worth telling and would be told without end by a client that goes on and on.
 *
 * @example
 * if (seldom.isDue(`${sessionId} expired`)) logger.warn('A client refreshes a session that is over.');
 */
export class Seldom {
  /** Milliseconds of the monotonic clock, in the order in which names passed. */
  private readonly passed = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  isDue(name: string): boolean {
    const { monotonic } = this.clock.now();
    this.forget(monotonic - EVERY_MS);
    if (this.passed.has(name)) return false;
    this.passed.set(name, monotonic);
    return true;
  }

  private forget(before: number): void {
    for (const [name, at] of this.passed) {
      if (at > before) return;
      this.passed.delete(name);
    }
  }
}
