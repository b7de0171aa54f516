import { setTimeout as pause } from 'node:timers/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Readiness } from './health/readiness.js';

/** npm passes a signal on that the terminal has sent already: what comes this soon after is the same one. */
const SAME_SIGNAL_MS = 1000;
const GIVE_UP_MS = 14_000;

/** In production: how long a balancer gets to notice that this instance is not ready, while it still serves. */
export const DRAIN_MS = 3000;

/**
 * SIGTERM and SIGINT: not ready any more, requests under way are answered, the stores are closed, exit 0. A second signal,
 * later than a second, exits at once.
 */
export function stopOnSignals(drainMs: number): { with: (app: NestExpressApplication) => void } {
  let app: NestExpressApplication | undefined;
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

async function stop(app: NestExpressApplication, drainMs: number): Promise<void> {
  setTimeout(() => process.exit(1), GIVE_UP_MS).unref();
  app.get(Readiness, { strict: false }).drain();
  await pause(drainMs);
  const server = app.getHttpServer();
  // Keep-alive connections would otherwise hold the server open; those in use close with their answer.
  server.closeIdleConnections();
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  try {
    await app.close();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`Stopping went wrong: ${error instanceof Error ? error.message : 'unknown'}\n`);
    process.exit(1);
  } finally {
    clearInterval(sweep);
  }
}
