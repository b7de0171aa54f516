import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Stage } from './fault.js';
import type { Site } from './site.js';
import { isReady } from '../process/service.js';

const BURST = 8;
const PRODUCTION: Record<string, string> = {
  NODE_ENV: 'production',
  RATE_LIMITS: 'on',
  JWT_ISSUER: 'https://auth.example.com',
};
const HOUR_MS = 3_600_000;

/** Instances are killed, stopped, cut short of something, or started all at once. */
export const INSTANCE_FAULTS: readonly Fault[] = [
  {
    id: 'L8',
    name: 'an instance is killed in the middle of refreshes',
    mayCut: true,
    inflict: killInBursts,
    lastsMs: 0,
  },
  { id: 'L7', name: 'instances are replaced one after the other', inflict: replaceAll, lastsMs: 0 },
  {
    ...{ id: 'L20', name: 'all instances are killed and start at once', mayCut: true, lastsMs: 500 },
    inflict: ({ site }) => Promise.all(site.instances.map(({ service }) => service.kill())),
    heal: ({ site }) => Promise.all(site.instances.map(({ service }) => service.run())),
  },
  {
    ...{ id: 'L10', name: 'the clock of one instance jumps', lastsMs: 1000 },
    inflict: async (stage) => {
      for (const ms of [HOUR_MS, -HOUR_MS]) {
        setClock(stage, ms);
        await pause(1500);
      }
      setClock(stage, HOUR_MS / 6);
    },
    heal: (stage) => setClock(stage, 0),
  },
  fewDescriptors(),
  {
    ...{ id: 'L13', name: 'nobody reads the log of an instance any more', mayCut: true },
    inflict: ({ site }) => {
      const { stdout, stderr } = site.instances[1]!.service.program.child;
      stdout!.destroy();
      stderr!.destroy();
    },
    heal: async ({ site }) => {
      const { service } = site.instances[1]!;
      if (!service.isRunning) throw new Error('The instance ended when its log was not read');
      await service.kill();
      await service.run();
    },
  },
];

/** Refreshes are sent and the instance is killed a few milliseconds later, again and again. */
async function killInBursts({ site, actors }: Stage): Promise<void> {
  const { service } = site.instances[1]!;
  for (let round = 0; round < 4; round += 1) {
    const burst = Array.from({ length: BURST }, () => actors.act('refresh', performance.now()));
    await pause(actors.random.next() * 20);
    await service.kill();
    await Promise.all(burst);
    await service.run();
  }
}

/**
 * By instances as in production, and then those themselves: each goes on serving until the balancer has seen that it is not ready,
 * and ends with 0. The first ones have no such time, so that the balancer is told beforehand.
 */
async function replaceAll({ site }: Stage): Promise<void> {
  const all = [...site.instances.keys()];
  for (const instance of all) {
    site.rotation = all.filter((other) => other !== instance);
    await replace(site, instance, PRODUCTION);
  }
  site.rotation = all;
  const balancer = setInterval(() => void balance(site), 100);
  try {
    for (const instance of all) await replace(site, instance, {});
    await pause(500);
  } finally {
    clearInterval(balancer);
    site.rotation = all;
  }
}

async function replace(site: Site, instance: number, settings: Record<string, string>): Promise<void> {
  const { service } = site.instances[instance]!;
  const code = await service.program.stop();
  if (code !== 0) throw new Error(`The instance ended with ${code}:\n${service.program.output.slice(-2000)}`);
  await service.run(settings);
}

async function balance(site: Site): Promise<void> {
  const asked = [...site.instances.keys()].map(async (number) =>
    (await isReady(site.url(number)).catch(() => false)) ? [number] : [],
  );
  const ready = (await Promise.all(asked)).flat();
  if (ready.length > 0) site.rotation = ready;
}

function setClock({ site }: Stage, offsetMs: number): void {
  writeFileSync(site.instances[1]!.clockFile, String(offsetMs));
}

function fewDescriptors(): Fault {
  let before = '';
  const limit = (stage: Stage, soft: string): void => {
    execFileSync('prlimit', ['--pid', String(stage.site.pid(1)), `--nofile=${soft}:`]);
  };
  return {
    ...{ id: 'L22', name: 'an instance may open no more files', mayCut: true },
    inflict: (stage) => {
      const pid = stage.site.pid(1);
      before = /Max open files\s+(\d+)/.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))![1]!;
      limit(stage, String(readdirSync(`/proc/${pid}/fd`).length));
    },
    heal: (stage) => limit(stage, before),
  };
}
