import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Stage } from './fault.js';
import { isReady } from '../process/service.js';

const BURST = 8;
const PRODUCTION: Record<string, string> = { NODE_ENV: 'production', RATE_LIMITS: 'on' };
const HOUR_MS = 3_600_000;

const pidOf = ({ site }: Stage, instance: number): string =>
  String(site.instances[instance]!.service.program.child.pid);

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

/** As in production: an instance goes on serving until the balancer has seen that it is not ready, and ends with 0. */
async function replaceAll({ site }: Stage): Promise<void> {
  const balancer = setInterval(() => void balance(site), 100);
  try {
    for (const settings of [PRODUCTION, {}])
      for (const { service } of site.instances) {
        const code = await service.program.stop();
        if (code !== 0) throw new Error(`The instance ended with ${code}:\n${service.program.output.slice(-2000)}`);
        await service.run(settings);
      }
    await pause(500);
  } finally {
    clearInterval(balancer);
  }
}

async function balance(site: Stage['site']): Promise<void> {
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
    execFileSync('prlimit', ['--pid', pidOf(stage, 1), `--nofile=${soft}:`]);
  };
  return {
    ...{ id: 'L22', name: 'an instance may open no more files', mayCut: true },
    inflict: (stage) => {
      const pid = pidOf(stage, 1);
      before = /Max open files\s+(\d+)/.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))![1]!;
      limit(stage, String(readdirSync(`/proc/${pid}/fd`).length));
    },
    heal: (stage) => limit(stage, before),
  };
}
