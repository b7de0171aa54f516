import fc from 'fast-check';
import { describeStorage, logIn, newUser, SECOND } from './store-fixture.js';
import type { TestedStorage } from './stores.js';
import { Advance, Burst, Chain, Garbage, Logout, Present } from './rotation.commands.js';
import { GRACE_MS, IDLE_MS, REMEMBERED, RotationModel } from './rotation.model.js';

const RUNS = Number(process.env.MODEL_RUNS ?? 200);

/** Steps whose sums never come near a bound, because Redis's and Postgres's clocks run on by themselves. */
const steps = fc.oneof(
  { weight: 6, arbitrary: fc.constant(4 * SECOND) },
  { weight: 3, arbitrary: fc.constant(GRACE_MS + SECOND) },
  { weight: 1, arbitrary: fc.constant(IDLE_MS + 5 * SECOND) },
);

/** How many generations back a token is: mostly a few, sometimes as many as are remembered or about that. */
const distances = fc.oneof(
  { weight: 4, arbitrary: fc.nat(3) },
  { weight: 1, arbitrary: fc.integer({ min: REMEMBERED - 2, max: REMEMBERED + 10 }) },
);

const backs = fc.tuple(distances, fc.constantFrom('use' as const, 'rotate' as const));
const presents = backs.map(([back, how]) => new Present(back, how));
const rotates = fc.nat(1).map((back) => new Present(back, 'rotate'));
const bursts = fc.integer({ min: 2, max: 8 }).map((size) => new Burst(size, null));
const logoutBursts = fc.integer({ min: 2, max: 8 }).chain((size) => fc.nat(size - 1).map((at) => new Burst(size, at)));
const chains = fc.integer({ min: REMEMBERED - 3, max: REMEMBERED + 12 }).map((length) => new Chain(length));
const advances = steps.map((ms) => new Advance(ms));

/** Each as often as it is named: what ends the session is rare, so that runs come to something. */
const commands = [
  ...[presents, presents, presents, rotates, rotates, rotates, bursts, bursts, chains, advances, advances, advances],
  ...[logoutBursts, fc.constant(new Logout()), fc.constant(new Garbage())],
];

/** Rotation against a model of it. A failure prints the seed and the shortest steps that lead there. */
export function rotationContract(storage: TestedStorage): void {
  describeStorage(storage, 'Rotation', (make) => {
    it(`does what its model does in ${RUNS} runs (I1 to I8)`, async () => {
      const stores = await make({ maxPerUser: 100 });
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 25 }), async (run) => {
          const { session, token } = await logIn(stores, await newUser(stores));
          await fc.asyncModelRun(() => {
            return { model: new RotationModel(), real: { stores, id: session.id, tokens: [token] } };
          }, run);
        }),
        { numRuns: RUNS },
      );
    }, 120_000);
  });
}
