import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { StartError } from '../../core/start-error.js';

export const RETRY_FOR_MS = 30_000;
const RETRY_EVERY_MS = 1000;
const logger = new Logger('database');

/** Tries for half a minute to reach `what`: a database often starts beside the service. Throws what `givenUp` makes of the last failure. */
export async function patiently<T>(
  what: string,
  givenUp: (cause: unknown) => StartError,
  act: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + RETRY_FOR_MS;
  for (;;) {
    try {
      return await act();
    } catch (cause) {
      if (!isConnectionFailure(cause)) throw cause;
      if (performance.now() > deadline) throw givenUp(cause);
      logger.warn(`${what} cannot be reached; trying again for up to 30 seconds.`);
      await pause(RETRY_EVERY_MS);
    }
  }
}

function isConnectionFailure(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code ?? '');
  const message = error instanceof Error ? error.message : '';
  // Class 28: wrong password, 3D000: no such database. Both may be a server that is still being set up.
  return /^(E[A-Z]+|08...|57P0.|53...|28...|3D000)$/.test(code) || /timeout|terminated/i.test(message);
}
