import { setTimeout as pause } from 'node:timers/promises';
import type { Actors } from './actors.js';
import type { Device, Person } from './crowd.js';
import type { Act } from './ledger.js';

/** As long as an ended session may still be let in elsewhere, and a little more. */
const BOUND_AND_MORE_MS = 1200;
const AT_ONCE = 6;
const OLD_ENDS = 20;
const TRIES = 5;
const AGAIN_MS = 300;

/**
 * Asks for everything that was acted on since the last roll call, through the front door and on every instance, and writes the
 * answers into the ledger. What was left open is asked for too: after this it is known what has become of it.
 */
export async function callRoll(actors: Actors): Promise<void> {
  const { crowd, site } = actors;
  if (site.column.mode === 'jwt') await pause(BOUND_AND_MORE_MS);
  const [devices, people] = [[...crowd.touched], [...crowd.visited]];
  await each(people, (person) => askPerson(actors, person));
  await each(devices, (device) => askDevice(actors, device));
  const old = Array.from({ length: OLD_ENDS }, () => actors.random.oneOf(crowd.graveyard) ?? []).flat();
  await each([...new Set(old)], (device) => askDevice(actors, device));
  crowd.touched.clear();
  crowd.visited.clear();
}

/** By which password somebody can log in. */
async function askPerson(actors: Actors, person: Person): Promise<void> {
  const login = async (password: string): Promise<boolean> =>
    (await actors.login(person, password, performance.now())).outcome === 'done';
  if (await login(person.password)) {
    if (person.isRegistered) return;
    person.isRegistered = true;
    actors.crowd.add(person);
  } else if (person.openChange) {
    await login(person.openChange.next!);
  } else {
    await actors.register(performance.now(), person);
    await login(person.password);
  }
}

async function askDevice(actors: Actors, device: Device): Promise<void> {
  const { site, crowd } = actors;
  const { outcome } = await refreshed(actors, device);
  for (const instance of site.instances.keys())
    for (const path of ['/users/nobody', '/auth/me']) await actors.use(device, instance, performance.now(), path);
  // Somebody has asked for its end and heard nothing, or it is over: whatever it is now, nobody goes on with it.
  if (device.state === 'doubtful' || (device.state === 'live' && outcome !== 'done')) crowd.bury(device);
}

/** A client that is told to come back comes back. */
async function refreshed(actors: Actors, device: Device): Promise<Act> {
  for (let tries = 1; ; tries += 1) {
    const act = await actors.refresh(device, actors.instance(), performance.now());
    if (act.outcome !== 'open' || tries === TRIES) return act;
    await pause(AGAIN_MS);
  }
}

async function each<T>(items: readonly T[], ask: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const asker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await ask(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, asker));
}
