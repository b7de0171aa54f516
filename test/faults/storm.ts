import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Stage } from './fault.js';
import type { Act } from './ledger.js';
import type { Load } from './load.js';
import { callRoll } from './roll-call.js';

const CALM_MS = 800;
const LASTS_MS = 3000;
const AFTER_MS = 1000;
const PEOPLE = 24;

/** What became of one fault in one column. */
export interface Outcome {
  readonly fault: string;
  readonly column: string;
  readonly acts: number;
  readonly unavailable: number;
  /** Counted from when it was to be sent. */
  readonly slowestMs: number;
  /** From the end of the cause until every instance said that it was ready. */
  readonly readyMs: number;
  readonly broken: readonly string[];
}

/** Load, a fault in the middle of it, load again; then the roll is called and the invariants are looked at. */
export async function storm(fault: Fault, stage: Stage, load: Load): Promise<Outcome> {
  const { site, actors, invariants } = stage;
  await site.revive();
  await actors.gather(PEOPLE);
  const from = actors.ledger.acts.length;
  load.start();
  let readyMs: number;
  try {
    await pause(CALM_MS);
    try {
      await inflict(fault, stage);
      await pause(fault.lastsMs ?? LASTS_MS);
    } finally {
      await fault.heal?.(stage);
      site.mendLinks();
    }
    readyMs = await site.ready();
    await pause(AFTER_MS);
  } finally {
    await load.stop();
  }
  const acts = actors.ledger.acts.slice(from);
  await callRoll(actors);
  if (fault.forgets) actors.crowd.graveyard.length = 0;
  return {
    ...{ fault: `${fault.id} ${fault.name}`, column: `${site.column.mode} ${site.column.store}` },
    ...{ acts: acts.length, unavailable: acts.filter(({ status }) => status === 503).length },
    ...{ slowestMs: Math.round(Math.max(...acts.map(latency))), readyMs: Math.round(readyMs) },
    broken: [...(await invariants.broken(fault.mayCut ?? false)), ...disturbed(fault, acts)],
  };
}

async function inflict(fault: Fault, stage: Stage): Promise<void> {
  const from = performance.now();
  await fault.inflict(stage);
  if (!fault.forgets) return;
  stage.invariants.forget({ from, to: performance.now() });
  stage.actors.crowd.forgetDevices();
}

function disturbed({ spares }: Fault, acts: readonly Act[]): string[] {
  const refused = acts.filter(({ instance, status }) => instance === spares && status === 503);
  return refused.map(({ kind, detail }) => `${kind} was answered by "${detail}" where nothing was to be noticed`);
}

function latency({ plannedAt, answeredAt }: Act): number {
  return answeredAt - plannedAt;
}
