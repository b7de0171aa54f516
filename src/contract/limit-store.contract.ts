import type { LimitStore } from '../limits/limit.store.js';
import { fill, newBucket, taken, takenOrFull } from './buckets.js';
import { DAY, describeStorage, SECOND } from './store-fixture.js';
import type { TestedStorage } from './stores.js';

const MINUTE = 60 * SECOND;
/** What the statements of a test may take on a busy machine. */
const SLACK_MS = 5 * SECOND;

/** What every `LimitStore` counts, and for how long. */
export function limitStoreContract(storage: TestedStorage<'limits'>): void {
  describeStorage(storage, 'A store of limits', (make) => {
    let store: LimitStore;
    let advance: (ms: number) => Promise<void>;

    beforeEach(async () => {
      ({ limits: store, advance } = await make());
    });

    /** The wait of the one full bucket, in milliseconds; null when there was room. */
    const waitFor = async (bucket: ReturnType<typeof newBucket>): Promise<number | null> =>
      (await takenOrFull(store, bucket))[0]?.waitMs ?? null;

    it('counts as many acts as the quota, and tells the next one which window is full and how long to wait (R4.1)', async () => {
      const bucket = newBucket('register-source');
      await fill(store, 10, bucket);
      const [full, ...others] = await takenOrFull(store, bucket);
      expect(others).toEqual([]);
      expect(full).toEqual({ bucket, window: { quota: 10, seconds: 3600 }, waitMs: expect.any(Number) });
      expect(full!.waitMs).toBeLessThanOrEqual(60 * MINUTE);
      expect(full!.waitMs).toBeGreaterThan(60 * MINUTE - SLACK_MS);
    });

    it('lets the next act in exactly when the oldest of the last ones leaves the window, and one act for each that does', async () => {
      const bucket = newBucket('password-change');
      await fill(store, 2, bucket);
      await advance(5 * MINUTE);
      await fill(store, 3, bucket);
      await advance((await waitFor(bucket))! - SLACK_MS);
      expect(await waitFor(bucket)).toBeGreaterThan(0);
      await advance(2 * SLACK_MS);
      // The two of before have left.
      await fill(store, 2, bucket);
      const wait = (await waitFor(bucket))!;
      expect(wait).toBeGreaterThan(5 * MINUTE - 2 * SLACK_MS);
      expect(wait).toBeLessThan(5 * MINUTE + SLACK_MS);
      await advance(wait);
      await fill(store, 1, bucket);
    });

    it('tells of two windows the one that is full for longer', async () => {
      const bucket = newBucket('login-source');
      for (let minute = 0; minute < 10; minute += 1) {
        await fill(store, 20, bucket);
        expect((await takenOrFull(store, bucket))[0]!.window).toEqual(
          minute < 9 ? { quota: 20, seconds: 60 } : { quota: 200, seconds: 3600 },
        );
        await advance(MINUTE);
      }
      expect(await waitFor(bucket)).toBeGreaterThan(49 * MINUTE);
      await advance(50 * MINUTE);
      await fill(store, 20, bucket);
    });

    it('waits a minute after ten failures in a row and twice as long after each further one, a quarter of an hour at most', async () => {
      const bucket = newBucket('login-account');
      await fill(store, 10, bucket);
      for (const minutes of [1, 2, 4, 8, 15, 15]) {
        const [full] = await takenOrFull(store, bucket);
        expect(full!.window).toBeNull();
        expect(full!.waitMs).toBeLessThanOrEqual(minutes * MINUTE);
        expect(full!.waitMs).toBeGreaterThan(minutes * MINUTE - SLACK_MS);
        // Being refused lengthens no wait.
        await advance(full!.waitMs);
        await fill(store, 1, bucket);
      }
    });

    it('forgets failures in a row after a day without one, all of them together', async () => {
      const bucket = newBucket('login-account');
      await fill(store, 9, bucket);
      await advance(DAY - SLACK_MS);
      await fill(store, 1, bucket);
      expect(await waitFor(bucket)).toBeGreaterThan(0);
      await advance(DAY);
      await fill(store, 10, bucket);
      expect(await waitFor(bucket)).toBeGreaterThan(0);
    });

    it('counts an act in all of its buckets or, when one is full, in none', async () => {
      const [full, free] = [newBucket('password-change'), newBucket('login-account-source')];
      await fill(store, 5, full);
      for (let i = 0; i < 10; i += 1) expect(await takenOrFull(store, free, full)).toMatchObject([{ bucket: full }]);
      await fill(store, 5, free);
      const both = await takenOrFull(store, free, full);
      expect(both.map(({ bucket }) => bucket)).toEqual([free, full]);
    });

    it('keeps buckets of different limits and of different subjects apart', async () => {
      const bucket = newBucket('password-change');
      await fill(store, 5, bucket);
      await fill(store, 5, { ...bucket, limit: 'login-device' });
      await fill(store, 5, newBucket('password-change'));
      expect(await waitFor(bucket)).toBeGreaterThan(0);
    });

    it('gives back the one count that is named, once', async () => {
      const [own, other] = [newBucket('password-change'), newBucket('login-device')];
      const counts = [];
      for (let i = 0; i < 5; i += 1) counts.push(await taken(store, own, other));
      for (let i = 0; i < 2; i += 1) await store.giveBack(counts[2]!, [own], []);
      await fill(store, 1, own);
      expect(await waitFor(own)).toBeGreaterThan(0);
      expect(await waitFor(other)).toBeGreaterThan(0);
    });

    it('clears a bucket, whatever was counted in it', async () => {
      const [own, cleared] = [newBucket('login-source'), newBucket('login-account')];
      let last = '';
      for (let i = 0; i < 10; i += 1) last = await taken(store, own, cleared);
      await store.giveBack(last, [own], [cleared]);
      await fill(store, 10, cleared);
      expect(await waitFor(cleared)).toBeGreaterThan(0);
      await fill(store, 11, own);
      expect(await waitFor(own)).toBeGreaterThan(0);
    });

    it('gives nothing back to buckets that were never counted in', async () => {
      await store.giveBack(await taken(store, newBucket('login-source')), [newBucket('login-source')], []);
      const bucket = newBucket('login-account');
      await store.giveBack('2026-01-01 00:00:00+00', [], [bucket]);
      await fill(store, 10, bucket);
    });
  });
}
