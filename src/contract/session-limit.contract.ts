import { describeStorage, loginOf, logIn, newUser, SECOND, times } from './store-fixture.js';
import type { TestedStorage } from './stores.js';
import { BY, because } from './told.js';

/** The device limit. */
export function sessionLimitContract(storage: TestedStorage): void {
  describeStorage(storage, 'The device limit', (make) => {
    it('ends the session that was not used for longest to make room (R5.7)', async () => {
      const stores = await make({ maxPerUser: 3 });
      const user = await newUser(stores);
      const ids: string[] = [];
      for (let i = 0; i < 3; i += 1) {
        ids.push((await logIn(stores, user)).session.id);
        await stores.advance(70 * SECOND);
      }
      await stores.sessions.touch(ids[0]!);
      const fourth = loginOf(user).session;
      expect(await stores.sessions.open(fourth, BY)).toMatchObject({ outcome: 'opened', evicted: [ids[1]] });
      expect(await stores.sessions.find(ids[1]!)).toEqual({ state: 'revoked' });
      const live = (await stores.sessions.list(user.id)).map(({ id }) => id);
      expect(live.sort()).toEqual([ids[0], ids[2], fourth.id].sort());
    });

    it('refuses a session too many, and ends none for it, when the policy is to reject (R5.7)', async () => {
      const stores = await make({ maxPerUser: 2, limitPolicy: 'reject' });
      const user = await newUser(stores);
      const first = await logIn(stores, user);
      await logIn(stores, user);
      const third = loginOf(user).session;
      expect(await stores.sessions.open(third, BY)).toEqual({ outcome: 'limit_reached' });
      expect(await stores.sessions.find(third.id)).toEqual({ state: 'unknown' });
      expect(await stores.tokens.use(third.tokenDigest, BY)).toEqual({ verdict: 'unknown' });
      await stores.sessions.end(user.id, first.session.id, because('logout'));
      expect(await stores.sessions.open(third, BY)).toMatchObject({ outcome: 'opened' });
    });

    it('is no business of a login by what the user was before: it ends no session of after the change (R2.9)', async () => {
      const stores = await make({ maxPerUser: 1 });
      const user = await newUser(stores);
      await logIn(stores, user);
      const stale = loginOf(user).session;
      const changed = (await stores.users.changePassword(user.id, user.authEpoch, 'another hash', BY))!;
      const fresh = await logIn(stores, changed);
      expect(await stores.sessions.open(stale, BY)).toEqual({ outcome: 'user_changed' });
      expect(await stores.sessions.find(fresh.session.id)).toMatchObject({ state: 'live' });
    });

    it('leaves room that sessions of before a change of the user had taken', async () => {
      const stores = await make({ maxPerUser: 1, limitPolicy: 'reject' });
      const user = await newUser(stores);
      await logIn(stores, user);
      const changed = (await stores.users.changePassword(user.id, user.authEpoch, 'another hash', BY))!;
      expect(await stores.sessions.open(loginOf(changed).session, BY)).toMatchObject({
        outcome: 'opened',
        evicted: [],
      });
    });

    it('does not count sessions that have run out, nor those of others', async () => {
      const stores = await make({ maxPerUser: 2, limitPolicy: 'reject' });
      const [user, other] = [await newUser(stores), await newUser(stores)];
      for (const who of [user, user, other]) await logIn(stores, who);
      await stores.advance(1801 * SECOND);
      await logIn(stores, user);
      await logIn(stores, user);
      expect(await stores.sessions.open(loginOf(user).session, BY)).toEqual({ outcome: 'limit_reached' });
    });

    it('lets exactly as many of 30 parallel logins in as there is room for, when it rejects (R5.7)', async () => {
      const stores = await make({ maxPerUser: 5, limitPolicy: 'reject' });
      for (let round = 0; round < 10; round += 1) {
        const user = await newUser(stores);
        const openings = await times(30, () => stores.sessions.open(loginOf(user).session, BY));
        expect(openings.filter(({ outcome }) => outcome === 'opened')).toHaveLength(5);
        expect(openings.filter(({ outcome }) => outcome === 'limit_reached')).toHaveLength(25);
        expect(await stores.sessions.list(user.id)).toHaveLength(5);
      }
    });

    it('lets all of 30 parallel logins in and leaves exactly the limit alive, when it evicts (R5.7)', async () => {
      const stores = await make({ maxPerUser: 5 });
      for (let round = 0; round < 10; round += 1) {
        const user = await newUser(stores);
        const openings = await times(30, () => stores.sessions.open(loginOf(user).session, BY));
        const evicted = openings.flatMap((opening) => (opening.outcome === 'opened' ? opening.evicted : []));
        // One that was evicted before its own login had read the user again still was a login that succeeded.
        expect(openings.every(({ outcome }) => outcome === 'opened')).toBe(true);
        expect(new Set(evicted).size).toBe(25);
        const live = (await stores.sessions.list(user.id)).map(({ id }) => id);
        expect(live).toHaveLength(5);
        expect(live.filter((id) => evicted.includes(id))).toEqual([]);
      }
    });
  });
}
