import { setTimeout as pause } from 'node:timers/promises';
import { Actors } from './actors.js';
import type { Kind } from './ledger.js';

const WEIGHTS: Record<Kind, number> = {
  ...{ use: 52, refresh: 18, login: 8, logout: 6, register: 4, endDevice: 4, endOthers: 2, password: 3 },
};

/** Acts a second: `FAULTS_RATE`. */
const RATE = Number(process.env.FAULTS_RATE ?? 60);

/** Acts that arrive at fixed times, whether those before were answered or not: what stalls is not hidden by waiting for it. */
export class Load {
  private running: Promise<void> | null = null;
  private stopping = false;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    readonly actors: Actors,
    private readonly weights: Record<Kind, number> = WEIGHTS,
    private readonly rate = RATE,
  ) {}

  start(): void {
    this.stopping = false;
    this.running = this.arrivals();
  }

  /** Nobody arrives any more, and everybody has an answer or has given up. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
    await Promise.all(this.underWay);
  }

  private async arrivals(): Promise<void> {
    const from = performance.now();
    for (let arrived = 0; !this.stopping; arrived += 1) {
      const plannedAt = from + (arrived * 1000) / this.rate;
      const early = plannedAt - performance.now();
      if (early > 0) await pause(early);
      this.arrive(plannedAt);
    }
  }

  private arrive(plannedAt: number): void {
    const act = this.actors.act(this.actors.random.weighted(this.weights), plannedAt);
    this.underWay.add(act);
    void act.finally(() => this.underWay.delete(act));
  }
}
