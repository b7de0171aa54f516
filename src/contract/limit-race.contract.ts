import type { Bucket, LimitStore } from '../limits/limit.store.js';
import { newBucket } from './buckets.js';
import { describeStorage, times } from './store-fixture.js';
import type { TestedStorage } from './stores.js';

/** What every `LimitStore` counts when many ask at once. A store that instances share is asked by several of them in turn. */
export function limitRaceContract(storage: TestedStorage<'limits'>): void {
  describeStorage(storage, 'A store of limits, when many ask at once,', (make) => {
    let store: LimitStore;

    beforeEach(async () => {
      ({ limits: store } = await make());
    });

    /** So many acts at the same moment, whichever instances they ask; says how many were counted. */
    async function counted(acts: number, bucketsOf: (i: number) => Bucket[]): Promise<number> {
      const takings = await times(acts, (i) => store.take(bucketsOf(i)));
      return takings.filter((taking) => 'takenAt' in taking).length;
    }

    it('counts exactly the quota of 500 acts, in each of twenty new buckets (R4.3)', async () => {
      for (let round = 0; round < 20; round += 1) {
        const bucket = newBucket(round % 2 ? 'password-change' : 'register-source');
        expect(await counted(500, () => [bucket])).toBe(round % 2 ? 5 : 10);
      }
    });

    it('counts ten failures in a row of 500 acts, from whatever sources they come (R4.3)', async () => {
      const account = newBucket('login-account');
      const admitted = await counted(500, () => [
        newBucket('login-source'),
        newBucket('login-account-source'),
        account,
      ]);
      expect(admitted).toBe(10);
    });

    it('lets no two acts wait for each other, in whatever order they name their buckets', async () => {
      const started = performance.now();
      const buckets = Array.from({ length: 4 }, () => newBucket('login-source'));
      const shuffled = (i: number): Bucket[] => [0, 1, 2].map((n) => buckets[(i * (n + 1) + n) % 4]!);
      const distinct = (i: number): Bucket[] => [...new Set(shuffled(i))];
      for (let round = 0; round < 5; round += 1) {
        await Promise.all([
          counted(200, distinct),
          times(100, (i) => store.giveBack('2026-01-01 00:00:00+00', [], distinct(i))),
        ]);
      }
      // The database finds two that wait for each other after a second.
      expect(performance.now() - started).toBeLessThan(10_000);
    });

    it('gives back as many counts as were taken, so that successes never fill a bucket', async () => {
      const bucket = newBucket('login-source');
      for (let round = 0; round < 20; round += 1) {
        const takings = await times(20, () => store.take([bucket]));
        const counts = takings.flatMap((taking) => ('takenAt' in taking ? [taking.takenAt] : []));
        expect(counts).toHaveLength(20);
        await times(20, (i) => store.giveBack(counts[i]!, [bucket], []));
      }
      expect(await counted(100, () => [bucket])).toBe(20);
    });
  });
}
