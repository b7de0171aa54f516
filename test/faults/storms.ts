import { removeFolders } from '../process/program.js';
import { findRedisServer } from '../support/redis-server.js';
import { Actors } from './actors.js';
import type { Fault, Stage } from './fault.js';
import { Invariants } from './invariants.js';
import { Ledger } from './ledger.js';
import { Load } from './load.js';
import { type Outcomes, samples } from './outcomes.js';
import { Random } from './random.js';
import { type Column, Site } from './site.js';
import { Stalls } from './stalls.js';
import { storm } from './storm.js';

const SEED = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const STORM_MS = 120_000;

/** One site for all faults of a column, one after the other. A fault that fails does not keep the next from being made. */
export function describeStorms(column: Column, faults: readonly Fault[], outcomes: Outcomes): void {
  const canStart = column.store !== 'redis' || findRedisServer() || process.env.CI === 'true';
  (canStart ? describe : describe.skip)(
    `in ${column.mode} mode with sessions in ${column.store} (FAULTS_SEED=${SEED})`,
    () => {
      let stage: Stage;
      let load: Load;
      const stalls = new Stalls();

      beforeAll(async () => {
        const site = await Site.start(
          column,
          faults.some(({ fillsDisk }) => fillsDisk),
        );
        const ledger = new Ledger((instance) => stalls.totalMs(site.pid(instance)));
        const actors = new Actors(site, ledger, new Random(SEED));
        stage = { site, actors, invariants: new Invariants(site, ledger) };
        load = new Load(actors);
      }, STORM_MS);

      afterAll(async () => {
        stalls.stop();
        await stage?.site.close();
        await removeFolders();
      });

      it.each(faults.filter(({ stores }) => stores?.includes(column.store) ?? true))(
        'nothing is lost, revived or left hanging when $name ($id)',
        async (fault) => {
          if (fault.fillsDisk && !stage.site.disk) return outcomes.skip(fault, column, 'no file system may be mounted');
          const outcome = await storm(fault, stage, load);
          outcomes.add(outcome);
          expect(samples(outcome.broken)).toEqual([]);
        },
        STORM_MS,
      );
    },
  );
}
