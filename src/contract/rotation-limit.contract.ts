import { ROTATIONS } from '../limits/limit.js';
import { digestToken } from '../sessions/opaque-token.js';
import { REMEMBERED_GENERATIONS } from '../sessions/retention.js';
import { attempt, clientSees, describeStorage, isToken, logIn, newUser, rotated } from './store-fixture.js';
import { SECOND, times } from './store-fixture.js';
import type { TestedStorage, Stores } from './stores.js';
import { BY } from './told.js';

/** What the clocks of the servers may run on by themselves while a test goes on. */
const SLACK_MS = 5 * SECOND;

/** How often a session's token is replaced, where that is limited. */
export function rotationLimitContract(storage: TestedStorage): void {
  describeStorage(storage, 'A limit of rotations', (make) => {
    const limited = (): Promise<Stores> => make({ rotationsAreLimited: true });

    async function chain(stores: Stores, token: string, length: number): Promise<string> {
      let current = token;
      for (let i = 0; i < length; i += 1) current = await rotated(stores, current);
      return current;
    }

    it('refuses the 31st of a minute and changes nothing, and lets the next one through exactly a minute after the first (R4.1)', async () => {
      const stores = await limited();
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user);
      const first = await chain(stores, token, 1);
      await stores.advance(30 * SECOND);
      const current = await chain(stores, first, 29);
      const before = await stores.sessions.list(user.id);

      const refused = await stores.tokens.rotate(attempt(current), BY);
      const retryAfterMs = 'retryAfterMs' in refused ? refused.retryAfterMs : 0;
      expect(refused).toEqual({ verdict: 'too_fast', sessionId: session.id, userId: user.id, retryAfterMs });
      expect(retryAfterMs).toBeLessThanOrEqual(30 * SECOND);
      expect(retryAfterMs).toBeGreaterThan(30 * SECOND - SLACK_MS);
      expect(await stores.sessions.list(user.id)).toEqual(before);
      expect(await stores.tokens.use(digestToken(current), BY)).toMatchObject({ verdict: 'held' });

      await stores.advance(retryAfterMs);
      const next = await chain(stores, current, 1);
      // The others of before are still within their minute.
      expect(await clientSees(stores, next)).toBe('too_fast');
      await stores.advance(30 * SECOND + SLACK_MS);
      await chain(stores, next, 29);
    });

    it('counts rotations, not the login before them', async () => {
      const stores = await limited();
      const { token } = await logIn(stores, await newUser(stores));
      const current = await chain(stores, token, ROTATIONS.quota);
      expect(await clientSees(stores, current)).toBe('too_fast');
    });

    it('neither counts nor refuses replays, and knows a reuse all the same (R4.1)', async () => {
      const stores = await limited();
      const { token } = await logIn(stores, await newUser(stores));
      const predecessor = await chain(stores, token, ROTATIONS.quota - 1);
      const current = await rotated(stores, predecessor);
      for (let i = 0; i < 40; i += 1) expect(await clientSees(stores, predecessor)).toBe(current);
      expect(await clientSees(stores, current)).toBe('too_fast');
      expect(await clientSees(stores, token)).toBe('superseded');
      await stores.advance(11 * SECOND);
      expect(await clientSees(stores, predecessor)).toBe('reused');
      expect(await clientSees(stores, current)).toBe('revoked');
    });

    it('counts each session for itself', async () => {
      const stores = await limited();
      const user = await newUser(stores);
      const [one, other] = [await logIn(stores, user), await logIn(stores, user)];
      await chain(stores, one.token, ROTATIONS.quota);
      await chain(stores, other.token, ROTATIONS.quota);
    });

    it('is exact when many ask at once: thirty are replaced, however many try, and nobody holds a token that is worth nothing', async () => {
      const stores = await limited();
      const { token } = await logIn(stores, await newUser(stores));
      let current = token;
      let rotations = 0;
      for (let round = 0; round < ROTATIONS.quota + 3; round += 1) {
        const seen = new Set(await times(10, () => clientSees(stores, current)));
        expect(seen.size).toBe(1);
        const [answer] = [...seen] as [string];
        if (!isToken(answer)) expect(answer).toBe('too_fast');
        else {
          current = answer;
          rotations += 1;
        }
      }
      expect(rotations).toBe(ROTATIONS.quota);
      expect(await stores.tokens.use(digestToken(current), BY)).toMatchObject({ verdict: 'held' });
    });

    it('goes by tokens that are remembered', () => {
      expect(REMEMBERED_GENERATIONS).toBeGreaterThanOrEqual(ROTATIONS.quota + 2);
    });
  });
}
