import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { HashQueue } from '../../src/users/hash-queue.js';

const CORES = availableParallelism();

/** Knows that a hash takes about as long as this. */
async function queueFor(ms: number): Promise<HashQueue> {
  const queue = new HashQueue();
  for (let i = 0; i < 40; i += 1) await queue.run(() => pause(ms));
  return queue;
}

/** Admits until somebody is sent away; says how many there were. */
function admitAll(queue: HashQueue, isKnown: boolean): number {
  for (let admitted = 0; ; admitted += 1) {
    try {
      queue.admit(isKnown);
    } catch (error) {
      expect(error).toMatchObject({ code: 'service_unavailable', extra: { headers: { 'Retry-After': '1' } } });
      return admitted;
    }
  }
}

it('strangers are admitted for a second of hashing, and half a second more is kept for known devices (R2.10)', async () => {
  const queue = await queueFor(20);
  const strangers = admitAll(queue, false);
  // A hash of 20 ms may well have taken some more.
  expect(strangers).toBeLessThanOrEqual((1000 / 20) * CORES);
  expect(strangers).toBeGreaterThan((1000 / 40) * CORES);
  const known = admitAll(queue, true);
  expect(known / strangers).toBeCloseTo(0.5, 1);
  expect(admitAll(queue, false)).toBe(0);
});

it('a place that is given back is there for the next act, once (R2.10)', async () => {
  const queue = await queueFor(20);
  const leave = queue.admit(false);
  admitAll(queue, false);
  leave();
  leave();
  expect(admitAll(queue, false)).toBe(1);
});

it('as many acts as there are cores are admitted however slow hashing was, so that it is found out when it is fast again (R2.10)', async () => {
  let passedMs = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => passedMs);
  const queue = new HashQueue();
  for (let i = 0; i < 10; i += 1) await queue.run(async () => void (passedMs += 60_000));
  clock.mockRestore();
  expect(admitAll(queue, false)).toBe(CORES);
});
