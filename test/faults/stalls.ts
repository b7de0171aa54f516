import { readFileSync } from 'node:fs';

const TICK_MS = 20;

/** How long the load or an instance was held up by the machine: that is not the program's fault. */
export class Stalls {
  private ownMs = 0;
  private readonly timer: NodeJS.Timeout;
  private last = performance.now();

  constructor() {
    this.timer = setInterval(() => {
      const now = performance.now();
      this.ownMs += Math.max(0, now - this.last - 2 * TICK_MS);
      this.last = now;
    }, TICK_MS);
    this.timer.unref();
  }

  /** Milliseconds in all, in which this process did not run, or that one could have run and was given no core. */
  totalMs(pid: number): number {
    return this.ownMs + waitedMs(pid);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** By Linux's /proc. Nothing for a process that has ended, and where the system does not count it. */
function waitedMs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
