import { randomUUID } from 'node:crypto';
import { digestToken } from '../sessions/opaque-token.js';
import type { Endings } from '../sessions/session.store.js';
import { attempt, DAY, describeStorage, HOUR, loginOf, logIn, newUser, rotated, SECOND } from './store-fixture.js';
import type { TestedStorage } from './stores.js';
import { BY, because } from './told.js';

/** What every `SessionStore` does, one act at a time. */
export function sessionStoreContract(storage: TestedStorage): void {
  describeStorage(storage, 'A session store', (make) => {
    it('opens a session with everything that the login said', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { session } = loginOf(user, { mode: 'session', transport: 'cookie', device: 'Žofie’s 📱', ip: null });
      const opening = await stores.sessions.open(session, BY);
      const { id, userId } = session;
      const expected = { id, userId, mode: 'session', transport: 'cookie', device: 'Žofie’s 📱', ip: null };
      expect(opening).toMatchObject({ outcome: 'opened', evicted: [], session: expected });
      if (opening.outcome !== 'opened') return;
      const { createdAt, lastSeenAt, idleExpiresAt, expiresAt } = opening.session;
      expect(lastSeenAt).toEqual(createdAt);
      expect(idleExpiresAt.getTime() - createdAt.getTime()).toBe(1800 * SECOND);
      expect(expiresAt.getTime() - createdAt.getTime()).toBe(12 * HOUR);
      expect(await stores.sessions.find(id)).toEqual({
        state: 'live',
        holder: { session: opening.session, roles: user.roles },
      });
      expect(await stores.sessions.list(userId)).toEqual([opening.session]);
    });

    it('gives the roles that the user has', async () => {
      const stores = await make();
      const { user } = (await stores.users.grantRole((await newUser(stores)).email, 'admin', BY))!;
      const { session } = await logIn(stores, user);
      expect(await stores.sessions.find(session.id)).toMatchObject({ holder: { roles: ['user', 'admin'] } });
    });

    it('never opens a session over one that is there', async () => {
      const stores = await make({ maxPerUser: 1 });
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user);
      const sameId = loginOf(user, { id: session.id }).session;
      const sameToken = loginOf(user, { tokenDigest: session.tokenDigest }).session;
      await expect(stores.sessions.open(sameId, BY)).rejects.toThrow();
      await expect(stores.sessions.open(sameToken, BY)).rejects.toThrow();
      expect(await stores.tokens.use(loginOf(user).session.tokenDigest, BY)).toEqual({ verdict: 'unknown' });
      expect((await stores.sessions.list(user.id)).map(({ id }) => id)).toEqual([session.id]);
      expect(token).toHaveLength(47);
    });

    it('lists the live sessions of one user, the last seen first', async () => {
      const stores = await make();
      const [user, other] = [await newUser(stores), await newUser(stores)];
      const ids: string[] = [];
      for (let i = 0; i < 4; i += 1) {
        ids.push((await logIn(stores, user)).session.id);
        await stores.advance(70 * SECOND);
      }
      await logIn(stores, other);
      await stores.sessions.end(user.id, ids[3]!, because('logout'));
      await stores.sessions.touch(ids[0]!);
      const listed = await stores.sessions.list(user.id);
      expect(listed.map(({ id }) => id)).toEqual([ids[0], ids[2], ids[1]]);
      expect(await stores.sessions.list(randomUUID())).toEqual([]);
    });

    it('ends one live session of its own user, once', async () => {
      const stores = await make();
      const [user, other] = [await newUser(stores), await newUser(stores)];
      const { session } = await logIn(stores, user);
      const named = { sessionId: session.id, userId: user.id };
      expect(await stores.sessions.end(other.id, session.id, because('ended_by_user'))).toBeNull();
      expect(await stores.sessions.end(user.id, randomUUID(), because('ended_by_user'))).toBeNull();
      expect(await stores.sessions.find(session.id)).toMatchObject({ state: 'live' });
      expect(await stores.sessions.end(user.id, session.id, because('ended_by_user'))).toEqual({
        ...named,
        outcome: 'ended',
      });
      expect(await stores.sessions.end(user.id, session.id, because('ended_by_user'))).toEqual({
        ...named,
        outcome: 'revoked',
      });
      expect(await stores.sessions.find(session.id)).toEqual({ state: 'revoked' });
      expect(await stores.sessions.list(user.id)).toEqual([]);
    });

    it('ends all sessions but the one to keep, and says which', async () => {
      const stores = await make();
      const [user, other] = [await newUser(stores), await newUser(stores)];
      const kept = (await logIn(stores, user)).session.id;
      const gone = [(await logIn(stores, user)).session.id, (await logIn(stores, user)).session.id];
      const foreign = (await logIn(stores, other)).session.id;
      const first = await stores.sessions.endOthers(user.id, kept, because('ended_by_user'));
      expect(sorted(first)).toEqual({ ended: gone.toSorted(), over: [] });
      const again = await stores.sessions.endOthers(user.id, kept, because('ended_by_user'));
      expect(sorted(again)).toEqual({ ended: [], over: gone.toSorted() });
      expect((await stores.sessions.list(user.id)).map(({ id }) => id)).toEqual([kept]);
      const last = await stores.sessions.endOthers(user.id, null, because('ended_by_user'));
      expect(sorted(last)).toEqual({ ended: [kept], over: gone.toSorted() });
      expect(await stores.sessions.find(foreign)).toMatchObject({ state: 'live' });
    });

    it('names what others ended for as long as access tokens may live, and not longer', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const [early, late] = [await logIn(stores, user), await logIn(stores, user)];
      await stores.sessions.end(user.id, early.session.id, because('logout'));
      await stores.advance(10 * 60 * SECOND);
      await stores.tokens.endBy(late.session.tokenDigest, because('logout'));
      await stores.advance(7 * 60 * SECOND);
      const over = [late.session.id];
      expect(await stores.sessions.endOthers(user.id, null, because('ended_by_user'))).toEqual({ ended: [], over });
      expect(await stores.sessions.endOlder(user.id, 1, because('user_changed'))).toEqual({ ended: [], over });
    });

    it('ends the sessions of an older epoch, names them, and repeats that without harm', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const old = (await logIn(stores, user)).session.id;
      const changed = (await stores.users.changePassword(user.id, user.authEpoch, 'another hash', BY))!;
      const endOlder = () => stores.sessions.endOlder(user.id, changed.authEpoch, because('user_changed'));
      expect(await endOlder()).toEqual({ ended: [old], over: [] });
      const fresh = (await logIn(stores, changed)).session.id;
      expect(await endOlder()).toEqual({ ended: [], over: [old] });
      expect(await stores.sessions.find(old)).toEqual({ state: 'revoked' });
      expect((await stores.sessions.list(user.id)).map(({ id }) => id)).toEqual([fresh]);
    });

    it('ends by name also what a moved epoch has killed and nobody has ended yet', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { session } = await logIn(stores, user);
      await stores.users.changePassword(user.id, user.authEpoch, 'another hash', BY);
      const ended = { ended: [session.id], over: [] };
      expect(await stores.sessions.endOthers(user.id, null, because('ended_by_user'))).toEqual(ended);
    });

    it('leaves a session expired that had run out before its user was changed', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user);
      await stores.advance(1801 * SECOND);
      const changed = (await stores.users.changePassword(user.id, user.authEpoch, 'another hash', BY))!;
      expect(await stores.sessions.endOlder(user.id, changed.authEpoch, because('user_changed'))).toEqual({
        ended: [],
        over: [],
      });
      expect(await stores.sessions.find(session.id)).toEqual({ state: 'expired' });
      expect((await stores.tokens.use(digestToken(token), BY)).verdict).toBe('expired');
      const named = { sessionId: session.id, userId: user.id };
      expect(await stores.sessions.end(user.id, session.id, because('logout'))).toEqual({
        ...named,
        outcome: 'expired',
      });
    });

    it('keeps how and when the user proved who they are, by its own clock', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { session } = await logIn(stores, user, { acr: 'aal2', amr: ['pwd', 'otp'], provedMsAgo: 90 * SECOND });
      const [listed] = await stores.sessions.list(user.id);
      expect(listed).toMatchObject({ id: session.id, acr: 'aal2', amr: ['pwd', 'otp'] });
      expect(listed!.createdAt.getTime() - listed!.authTime.getTime()).toBe(90 * SECOND);
    });

    it('keeps what was told of the user at the login, whoever reads the session and however often its token was replaced', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const spelled = { tenant: 'Žofie’s 📱 "\\"', teams: ['b', 'a', ''], none: [] };
      const claims = { ...spelled, seats: 1e21, share: 1.5e-7, debt: -3, trial: false };
      const { session, token } = loginOf(user, { claims });
      const opening = await stores.sessions.open(session, BY);
      expect(opening).toMatchObject({ outcome: 'opened', session: { claims } });
      const next = await rotated(stores, await rotated(stores, token));
      await stores.advance(100 * SECOND);
      await stores.sessions.touch(session.id);
      const holder = { session: { id: session.id, claims } };
      expect(await stores.tokens.use(digestToken(next), BY)).toMatchObject({ verdict: 'held', holder });
      expect(await stores.tokens.rotate(attempt(next), BY)).toMatchObject({ verdict: 'rotated', holder });
      expect(await stores.tokens.rotate(attempt(next), BY)).toMatchObject({ verdict: 'replayed', holder });
      expect(await stores.sessions.find(session.id)).toMatchObject({ state: 'live', holder });
      const untold = await logIn(stores, user);
      const listed = await stores.sessions.list(user.id);
      expect(listed.map(({ id }) => id).toSorted()).toEqual([session.id, untold.session.id].toSorted());
      for (const one of listed) expect(one.claims).toEqual(one.id === session.id ? claims : {});
    });

    it('counts live sessions by the kind of credential', async () => {
      const stores = await make();
      const before = await stores.sessions.countByMode();
      const user = await newUser(stores);
      await logIn(stores, user, { mode: 'session' });
      await logIn(stores, user, { mode: 'jwt' });
      const ended = await logIn(stores, user, { mode: 'jwt' });
      await stores.sessions.end(user.id, ended.session.id, because('logout'));
      const now = await stores.sessions.countByMode();
      expect([now.session - before.session, now.jwt - before.jwt]).toEqual([1, 1]);
      await stores.advance(DAY);
      expect(await stores.sessions.countByMode()).toEqual({ session: 0, jwt: 0 });
    });

    it('answers when asked whether it is there', async () => {
      await expect((await make()).sessions.ping()).resolves.toBeUndefined();
    });
  });
}

function sorted({ ended, over }: Endings): Endings {
  return { ended: ended.toSorted(), over: over.toSorted() };
}
