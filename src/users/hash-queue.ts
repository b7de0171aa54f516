import { availableParallelism } from 'node:os';
import { UnavailableError } from '../core/app-error.js';

/** Hashes wait in libuv's pool: more at once than cores would only make everything else there wait too. */
const IN_FLIGHT = availableParallelism();

/** How much work may wait, in time and not in places: a fast machine takes more logins at a moment than a slow one. */
export const LONGEST_WAIT_MS = 1500;
/** As much for those whom nobody knows: the rest is kept for known devices, whatever strangers do. */
export const STRANGERS_WAIT_MS = 1000;

/** How much one hash counts in the average: ten or twenty make the queue believe that the machine has become slower or faster. */
const WEIGHT = 1 / 8;

interface Waiting {
  readonly since: number;
  begin(): void;
  giveUp(error: Error): void;
}

/**
 * A bound on how much hashing goes on at once (OWASP ASVS 15.1.3, 15.2.2). An act that is going to hash asks to be admitted before
 * anything is done for it, so that whoever must be sent away costs next to nothing. The hashes themselves wait here for a core.
 */
export class HashQueue {
  private admitted = 0;
  private running = 0;
  /** What one hash has taken lately, in milliseconds; a guess until the first one is done. */
  private usualMs = 50;
  private readonly waiting: Waiting[] = [];

  /**
   * Takes a place among the acts under way; what it answers gives the place back. Throws `service_unavailable` when the hash of
   * this act would have to wait for longer than a second, or than a second and a half for a device that is known.
   */
  admit(isKnown: boolean): () => void {
    const longestMs = isKnown ? LONGEST_WAIT_MS : STRANGERS_WAIT_MS;
    if (this.admitted >= IN_FLIGHT && this.waitOf(this.admitted + 1) > longestMs) throw new HashingUnavailable();
    this.admitted += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.admitted -= 1;
      isHeld = false;
    };
  }

  /**
   * Hashes when there is a core for it. Throws `service_unavailable` to whoever would wait for longer than a second and a half, as
   * hashes have taken lately, at once; and to whoever has waited for as long in spite of that, because the machine became slower.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < IN_FLIGHT) this.running += 1;
    else await this.place();
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      this.usualMs += WEIGHT * (performance.now() - startedAt - this.usualMs);
      this.handOn();
    }
  }

  private waitOf(hashes: number): number {
    return (hashes * this.usualMs) / IN_FLIGHT;
  }

  /** Resolves when it is the caller's turn. */
  private async place(): Promise<void> {
    if (this.waitOf(this.waiting.length + 1) > LONGEST_WAIT_MS) throw new HashingUnavailable();
    await new Promise<void>((begin, giveUp) => this.waiting.push({ since: performance.now(), begin, giveUp }));
  }

  /** The place is handed on, not given back: a newcomer cannot slip in between. */
  private handOn(): void {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      if (performance.now() - next.since <= LONGEST_WAIT_MS) return next.begin();
      next.giveUp(new HashingUnavailable());
    }
    this.running -= 1;
  }
}

class HashingUnavailable extends UnavailableError {
  constructor() {
    super('Password hashing');
  }
}
