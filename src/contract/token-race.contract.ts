import { digestToken } from '../sessions/opaque-token.js';
import { attempt, clientSees, describeStorage, isToken, logIn, newUser, SECOND, times } from './store-fixture.js';
import type { TestedStorage } from './stores.js';
import { BY } from './told.js';

/** Rotation when many ask at once. */
export function tokenRaceContract(storage: TestedStorage): void {
  describeStorage(storage, 'Racing rotations', (make) => {
    it.each([
      { racers: 20, rounds: 50 },
      { racers: 50, rounds: 20 },
    ])('give all of $racers the same successor, in $rounds rounds (I1, I2, I4)', async ({ racers, rounds }) => {
      const stores = await make();
      const { session, token } = await logIn(stores, await newUser(stores));
      let current = token;
      for (let round = 0; round < rounds; round += 1) {
        const attempts = Array.from({ length: racers }, () => attempt(current));
        const results = await times(racers, (i) => stores.tokens.rotate(attempts[i]!, BY));
        const winners = results.flatMap((result, i) => (result.verdict === 'rotated' ? [attempts[i]!] : []));
        expect(winners).toHaveLength(1);
        const [winner] = winners;
        for (const result of results) {
          expect(result).toMatchObject({ holder: { session: { id: session.id } }, salt: winner!.salt });
        }
        for (const loser of attempts.filter((each) => each !== winner)) {
          expect(await stores.tokens.use(loser.successorDigest, BY)).toEqual({ verdict: 'unknown' });
        }
        current = winner!.successor;
      }
      expect(await stores.tokens.use(digestToken(current), BY)).toMatchObject({ verdict: 'held' });
    });

    it('let every token that a client was handed work next time (I4)', async () => {
      const stores = await make();
      const { token } = await logIn(stores, await newUser(stores));
      let current = token;
      for (let round = 0; round < 30; round += 1) {
        const seen = await times(8, () => clientSees(stores, current));
        expect(new Set(seen).size).toBe(1);
        expect(isToken(seen[0]!)).toBe(true);
        current = seen[0]!;
      }
    });

    it('take 200 presentations right after the next rotation for late ones, never for fresh ones', async () => {
      const stores = await make();
      const { token } = await logIn(stores, await newUser(stores));
      const second = await clientSees(stores, token);
      const third = await clientSees(stores, second);
      const seen = await times(200, () => clientSees(stores, token));
      expect(new Set(seen)).toEqual(new Set(['superseded']));
      expect(await stores.tokens.use(digestToken(third), BY)).toMatchObject({ verdict: 'held' });
    });

    it('with a reuse end the session, whoever comes first (I6)', async () => {
      const stores = await make({ graceSeconds: 0 });
      const user = await newUser(stores);
      for (let round = 0; round < 30; round += 1) {
        const { session, token } = await logIn(stores, user);
        const seen = await times(5, () => clientSees(stores, token));
        expect(seen.filter(isToken)).toHaveLength(1);
        expect(seen.filter((verdict) => verdict === 'reused')).toHaveLength(1);
        expect(seen.filter((verdict) => verdict === 'revoked')).toHaveLength(3);
        expect(await stores.sessions.find(session.id)).toEqual({ state: 'revoked' });
      }
    });

    it('of a thief who walks in step with the holder are found at the first overlap', async () => {
      const stores = await make();
      const { token } = await logIn(stores, await newUser(stores));
      const holder = await clientSees(stores, token);
      await stores.advance(11 * SECOND);
      expect(await clientSees(stores, token)).toBe('reused');
      expect(await clientSees(stores, holder)).toBe('revoked');
    });
  });
}
