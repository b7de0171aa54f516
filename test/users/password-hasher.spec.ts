import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Algorithm, hash } from '@node-rs/argon2';
import { AppError } from '../../src/core/app-error.js';
import { PasswordHasher } from '../../src/users/password-hasher.js';

const PASSWORD = 'marker analytical engines weave';
/** A hash that takes some twenty times as long as those of today, as on a machine that is busy with something else. */
const SLOW = { algorithm: 2 as Algorithm, memoryCost: 19_456, timeCost: 40, parallelism: 1 };

/** Has hashed enough to know how long it takes. */
async function warmHasher(): Promise<PasswordHasher> {
  const hasher = new PasswordHasher();
  await hasher.onModuleInit();
  for (let i = 0; i < 20; i += 1) await hasher.verify(null, PASSWORD);
  return hasher;
}

interface Flood {
  accepted: number;
  refused: AppError[];
  /** How many were refused before the first hash was done. */
  refusedAtOnce: number;
  /** When the last one was answered, in ms from the start. */
  doneMs: number;
}

/** So many logins at the same moment. */
async function flood(hasher: PasswordHasher, logins: number): Promise<Flood> {
  const from = performance.now();
  const seen: Flood = { accepted: 0, refused: [], refusedAtOnce: 0, doneMs: 0 };
  const login = async (): Promise<void> => {
    try {
      await hasher.verify(null, PASSWORD);
      seen.accepted += 1;
    } catch (error) {
      seen.refused.push(error as AppError);
      if (seen.accepted === 0) seen.refusedAtOnce += 1;
    }
    seen.doneMs = performance.now() - from;
  };
  await Promise.all(Array.from({ length: logins }, login));
  return seen;
}

it('a password is judged for as long when nobody has that name as when it is wrong (R3.2)', async () => {
  const hasher = await warmHasher();
  const known = await hasher.hash('marker difference engines weave');
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  const judge = async (whose: 'known' | 'unknown'): Promise<void> => {
    const from = performance.now();
    expect(await hasher.verify(whose === 'known' ? known : null, PASSWORD)).toBe(false);
    times[whose].push(performance.now() - from);
  };
  // In turn, so that a machine that is busy with something else is busy for both.
  for (let pair = 0; pair < 60; pair += 1) {
    await judge('known');
    await judge('unknown');
  }
  const median = (all: number[]): number => all.sort((a, b) => a - b)[all.length / 2]!;
  const ratio = median(times.unknown) / median(times.known);
  expect(ratio).toBeGreaterThan(0.8);
  expect(ratio).toBeLessThan(1.25);
});

it('as many logins wait as can be hashed in a second and a half, and the others are told at once to come back (R2.10)', async () => {
  const { accepted, refused, refusedAtOnce, doneMs } = await flood(await warmHasher(), 2000);
  expect(accepted).toBeGreaterThan(5 * availableParallelism());
  expect(refusedAtOnce).toBeGreaterThan(1000);
  // The wait and the last hashes, which take some milliseconds where the machine has nothing else to do.
  expect(doneMs).toBeLessThan(2500);
  expect(new Set(refused.map(({ code, extra }) => `${code}, Retry-After ${extra.headers?.['Retry-After']}`))).toEqual(
    new Set(['service_unavailable, Retry-After 1']),
  );
});

it('the slower the hashes, the fewer wait, and a hasher that was slow takes many again (R2.10)', async () => {
  const hasher = await warmHasher();
  const atFirst = await flood(hasher, 1000);
  const slow = await hash(PASSWORD, SLOW);
  for (let i = 0; i < 4; i += 1) await hasher.verify(slow, PASSWORD);
  const slowed = await flood(hasher, 1000);
  expect(slowed.accepted).toBeLessThan(atFirst.accepted / 2);
  for (let i = 0; i < 40; i += 1) await hasher.verify(null, PASSWORD);
  expect((await flood(hasher, 1000)).accepted).toBeGreaterThan(2 * slowed.accepted);
});

it('twelve strangers who try passwords without a pause keep nobody from logging in (R2.10)', async () => {
  const hasher = await warmHasher();
  let over = false;
  const stranger = async (): Promise<void> => {
    while (!over) await hasher.verify(null, 'a guess').catch(() => nextTurn());
  };
  const strangers = Array.from({ length: 12 }, stranger);
  const right = await hasher.hash(PASSWORD);
  for (let i = 0; i < 10; i += 1) expect(await hasher.verify(right, PASSWORD)).toBe(true);
  over = true;
  await Promise.all(strangers);
});
