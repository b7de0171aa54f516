import { attempt, DAY, describeStorage, HOUR, logIn, newUser, rotated, SECOND, swept } from './store-fixture.js';
import type { TestedStorage, Stores } from './stores.js';
import { digestToken } from '../sessions/opaque-token.js';
import { BY, because } from './told.js';

/** How sessions run out, and how long a dead one is remembered. */
export function sessionExpiryContract(storage: TestedStorage): void {
  describeStorage(storage, 'Session expiry', (make) => {
    const stateOf = async (stores: Stores, id: string) => (await stores.sessions.find(id)).state;

    it('lets a session that nobody uses run out at its idle time, and not before (R5.2)', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user);
      await stores.advance(1790 * SECOND);
      expect(await stateOf(stores, session.id)).toBe('live');
      await stores.advance(10 * SECOND);
      expect(await stateOf(stores, session.id)).toBe('expired');
      const refusal = { verdict: 'expired', sessionId: session.id, userId: user.id };
      expect(await stores.tokens.use(digestToken(token), BY)).toEqual(refusal);
      expect(await stores.sessions.list(user.id)).toEqual([]);
      const expired = { sessionId: session.id, userId: user.id, outcome: 'expired' };
      expect(await stores.sessions.end(user.id, session.id, because('logout'))).toEqual(expired);
      expect(await stores.tokens.endBy(digestToken(token), because('logout'))).toEqual(expired);
    });

    it.each(['touch', 'use', 'rotate'] as const)(
      'keeps a session alive by %s, but never past its absolute end (I7)',
      async (how) => {
        const stores = await make({ graceSeconds: 0 });
        const user = await newUser(stores);
        const { session, ...login } = await logIn(stores, user);
        let { token } = login;
        const { expiresAt } = (await stores.sessions.list(user.id))[0]!;
        for (let uses = 0; uses < 28; uses += 1) {
          await stores.advance(0.4 * HOUR);
          if (how === 'touch') await stores.sessions.touch(session.id);
          if (how === 'use') expect(await stores.tokens.use(digestToken(token), BY)).toMatchObject({ verdict: 'held' });
          if (how === 'rotate') token = await rotated(stores, token);
          const [seen] = await stores.sessions.list(user.id);
          expect(seen!.expiresAt).toEqual(expiresAt);
          expect(seen!.idleExpiresAt.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
        }
        // 11.2 hours have gone by, and the absolute end is nearer than the idle one would be after another use.
        await stores.advance(0.4 * HOUR);
        await stores.sessions.touch(session.id);
        expect(await stateOf(stores, session.id)).toBe('live');
        await stores.advance(0.4 * HOUR);
        expect(await stateOf(stores, session.id)).toBe('expired');
        await stores.sessions.touch(session.id);
        expect(await stateOf(stores, session.id)).toBe('expired');
        expect((await stores.tokens.use(digestToken(token), BY)).verdict).toBe('expired');
      },
    );

    it('is final: no touch, use or rotation after it revives a session (R5.3)', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user);
      await stores.advance(1800 * SECOND);
      await stores.sessions.touch(session.id);
      expect((await stores.tokens.use(digestToken(token), BY)).verdict).toBe('expired');
      expect((await stores.tokens.rotate(attempt(token), BY)).verdict).toBe('expired');
      expect(await stateOf(stores, session.id)).toBe('expired');
      expect(await stores.sessions.list(user.id)).toEqual([]);
      expect(await stores.sessions.countByMode()).toEqual({ session: 0, jwt: 0 });
    });

    it('writes last-seen at most once a minute (R5.3)', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { token, session } = await logIn(stores, user);
      const lastSeen = async () => (await stores.sessions.list(user.id))[0]!.lastSeenAt.getTime();
      const opened = await lastSeen();
      await stores.advance(50 * SECOND);
      await stores.sessions.touch(session.id);
      await stores.tokens.use(digestToken(token), BY);
      expect(await lastSeen()).toBe(opened);
      await stores.advance(15 * SECOND);
      await stores.tokens.use(digestToken(token), BY);
      const touched = await lastSeen();
      expect(touched - opened).toBeGreaterThanOrEqual(65 * SECOND);
      await stores.advance(65 * SECOND);
      await stores.sessions.touch(session.id);
      expect((await lastSeen()) - touched).toBeGreaterThanOrEqual(65 * SECOND);
    });

    it('keeps an active user logged in when the idle time is shorter than a minute', async () => {
      const stores = await make({ idleSeconds: 40 });
      const { token } = await logIn(stores, await newUser(stores));
      for (let i = 0; i < 10; i += 1) {
        await stores.advance(15 * SECOND);
        expect(await stores.tokens.use(digestToken(token), BY)).toMatchObject({ verdict: 'held' });
      }
    });

    it('does not let an absolute time that is shorter than the idle time be outlived', async () => {
      const stores = await make({ idleSeconds: 1800, absoluteSeconds: 600 });
      const { session } = await logIn(stores, await newUser(stores));
      await stores.advance(600 * SECOND);
      expect(await stateOf(stores, session.id)).toBe('expired');
    });

    it('remembers a dead session for a day, forgets it by a sweep after that, and nothing else', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const [ended, expired] = [await logIn(stores, user), await logIn(stores, user)];
      await stores.sessions.end(user.id, ended.session.id, because('logout'));
      await stores.advance(DAY - 10 * SECOND);
      const alive = await logIn(stores, user);
      await swept(stores);
      expect(await stateOf(stores, ended.session.id)).toBe('revoked');
      expect(await stateOf(stores, expired.session.id)).toBe('expired');
      expect((await stores.tokens.use(digestToken(ended.token), BY)).verdict).toBe('revoked');
      expect(await stores.tokens.endBy(digestToken(ended.token), because('logout'))).toMatchObject({
        outcome: 'revoked',
      });

      await stores.advance(20 * SECOND);
      expect((await swept(stores)).some((sessions) => sessions > 0)).toBe(true);
      expect(await stateOf(stores, ended.session.id)).toBe('unknown');
      expect((await stores.tokens.use(digestToken(ended.token), BY)).verdict).toBe('unknown');
      expect(await stores.tokens.endBy(digestToken(ended.token), because('logout'))).toBeNull();
      expect(await stateOf(stores, alive.session.id)).toBe('live');

      // Whatever ran out is forgotten a day after its absolute end at the latest.
      await stores.advance(12 * HOUR);
      await swept(stores);
      expect(await stateOf(stores, expired.session.id)).toBe('unknown');
      expect((await stores.tokens.use(digestToken(expired.token), BY)).verdict).toBe('unknown');
      expect(await stateOf(stores, alive.session.id)).toBe('expired');
    });

    it('sweeps no more than it was asked to', async () => {
      const stores = await make();
      const user = await newUser(stores);
      for (let i = 0; i < 5; i += 1) await logIn(stores, user);
      await stores.sessions.endOthers(user.id, null, because('logout'));
      await stores.advance(DAY + 13 * HOUR);
      const slices = await swept(stores, 2);
      expect(Math.max(...slices)).toBe(2);
      expect(slices.reduce((sum, slice) => sum + slice)).toBe(5);
    });
  });
}
