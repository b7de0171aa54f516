import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until `holds` does, and fails after `withinMs`: for what happens soon and not at once. Says how long it took. */
export async function eventually(holds: () => Promise<boolean>, withinMs = 5000): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    if (await holds()) return performance.now() - startedAt;
    if (performance.now() - startedAt > withinMs) throw new Error(`It did not happen within ${withinMs} ms`);
    await pause(2);
  }
}
