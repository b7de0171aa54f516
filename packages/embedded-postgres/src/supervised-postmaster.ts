import { setTimeout as pause } from 'node:timers/promises';
import type { Postmaster } from './postmaster.js';

/** How often it is started again in a row, and how long apart. */
const TRIES = 10;
const PAUSE_MS = 1000;
/** Whoever has served for as long is no part of the last outage any more. */
const SETTLED_MS = 60_000;

export interface Supervision {
  /** Hears that the server has ended without being told to, and is started again. Default: nobody. */
  readonly onRestart?: () => void;
  /** Hears why it cannot be started again: there is no server any more. Default: nobody. */
  readonly onLost?: (error: Error) => void;
}

/**
 * A server that is started again when it ends without being told to, at the same port, so that whoever knows where it is finds
 * it there. It is given up when it ends, or does not start, too often in a row. `start` is given the port, or null at first.
 */
export async function supervised(
  start: (port: number | null) => Promise<Postmaster>,
  { onRestart, onLost }: Supervision,
): Promise<Postmaster> {
  let current = await start(null);
  const { port } = current;
  let left = TRIES;
  let stopping = false;

  const again = async (): Promise<Postmaster> => {
    for (;;) {
      if (left === 0) throw new Error('PostgreSQL ended again and again.');
      left -= 1;
      try {
        return await start(port);
      } catch (error) {
        if (left === 0 || stopping) throw error;
      }
      await pause(PAUSE_MS);
      if (stopping) throw new Error('It was told to stop.');
    }
  };
  const keep = async (): Promise<void> => {
    while (!stopping) {
      const since = performance.now();
      await current.ended;
      if (stopping) return;
      if (performance.now() - since > SETTLED_MS) left = TRIES;
      onRestart?.();
      current = await again();
    }
    // It was told to stop while it started.
    await current.stop();
  };
  const ended = keep().catch((error: Error) => {
    if (!stopping) onLost?.(error);
  });

  const stop = async (): Promise<void> => {
    stopping = true;
    await current.stop();
    await ended;
  };
  return { port, ended, stop };
}
