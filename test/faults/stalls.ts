const TICK_MS = 20;

/** How long this process itself was held up: what the load then calls slow is not the program's fault. */
export class Stalls {
  totalMs = 0;
  private readonly timer: NodeJS.Timeout;
  private last = performance.now();

  constructor() {
    this.timer = setInterval(() => {
      const now = performance.now();
      this.totalMs += Math.max(0, now - this.last - 2 * TICK_MS);
      this.last = now;
    }, TICK_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
