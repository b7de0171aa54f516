import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { Readiness } from './health/readiness.js';
import { Connections } from './edge/connections.js';

/** npm passes a signal on that the terminal has sent already: what comes this soon after is the same one. */
const SAME_SIGNAL_MS = 1000;
export const GIVE_UP_MS = 14_000;

/** For the rest of a request that was half sent: time for a lost packet to be sent again twice (TCP waits 1 s, then 2 s). */
const HALF_SENT_MS = 4000;

/** For the answers to what was asked, and for their being read. With the drain before and the stores' end after, it stays within 15 s. */
const ANSWERS_MS = 9000;

/** In production: how long a balancer gets to notice that this instance is not ready, while it still serves. */
export const DRAIN_MS = 3000;

/**
 * SIGTERM and SIGINT: not ready any more, whole requests are answered, half-sent ones are cut after a short time, the stores are
 * closed, exit 0 within 15 s. A second signal, later than a second, exits at once.
 */
export function stopOnSignals(drainMs: number): { with: (app: INestApplication) => void } {
  let app: INestApplication | undefined;
  let signalledAt: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (signalledAt !== undefined) {
      if (now - signalledAt > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    signalledAt = now;
    // Before there is an application there is nothing to finish; what was started for it ends with this process.
    if (!app) process.exit(0);
    void stop(app, drainMs);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return {
    with: (started) => {
      app = started;
    },
  };
}

async function stop(app: INestApplication, drainMs: number): Promise<void> {
  setTimeout(() => process.exit(1), GIVE_UP_MS).unref();
  app.get(Readiness, { strict: false }).drain();
  const connections = app.get(Connections, { strict: false });
  connections.endWithAnswers();
  await pause(drainMs);
  setTimeout(() => connections.cutHalfSent(), HALF_SENT_MS);
  setTimeout(() => connections.cutAll(), ANSWERS_MS);
  try {
    await app.close();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`Stopping went wrong: ${error instanceof Error ? error.message : 'unknown'}\n`);
    process.exit(1);
  }
}
