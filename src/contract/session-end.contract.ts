import { digestToken } from '../sessions/opaque-token.js';
import {
  DAY,
  describeStorage,
  expectDead,
  type Login,
  loginOf,
  logIn,
  newUser,
  rotated,
  SECOND,
  swept,
} from './store-fixture.js';
import type { TestedStorage } from './stores.js';
import { BY, because } from './told.js';

/** Dead is dead: nothing revives a session, and every end is told. */
export function sessionEndContract(storage: TestedStorage): void {
  describeStorage(storage, 'The end of a session', (make) => {
    it('is told whatever caused it, oldest first', async () => {
      const stores = await make({ maxPerUser: 6, graceSeconds: 0 });
      const user = await newUser(stores);
      const since = (await stores.sessions.endedSince(new Date(0), 1)).asOf;
      const logins: Login[] = [];
      for (let i = 0; i < 6; i += 1) {
        logins.push(await logIn(stores, user));
        await stores.advance(SECOND);
      }
      const [evicted, ended, reused, byToken, other, older] = logins.map(({ session }) => session.id);
      const [, , thief, holder] = logins;

      await logIn(stores, user);
      await stores.advance(SECOND);
      await stores.sessions.end(user.id, ended!, because('ended_by_user'));
      await stores.advance(SECOND);
      await rotated(stores, thief!.token);
      expect((await stores.tokens.use(digestToken(thief!.token), BY)).verdict).toBe('reused');
      await stores.advance(SECOND);
      await stores.tokens.endBy(digestToken(holder!.token), because('logout'));
      await stores.advance(SECOND);
      await stores.sessions.endOthers(user.id, older!, because('ended_by_user'));
      await stores.advance(SECOND);
      const changed = (await stores.users.changePassword(user.id, user.authEpoch, 'another hash', BY))!;
      await stores.sessions.endOlder(user.id, changed.authEpoch, because('user_changed'));

      const log = await stores.sessions.endedSince(since, 100);
      const own = log.ended.map(({ sessionId }) => sessionId);
      expect(own.filter((id) => logins.some(({ session }) => session.id === id))).toEqual([
        ...[evicted, ended, reused, byToken],
        ...[other, older],
      ]);
      const moments = log.ended.map(({ endedAt }) => endedAt.getTime());
      expect(moments).toEqual([...moments].sort((a, b) => a - b));
      expect(log.asOf.getTime()).toBeGreaterThanOrEqual(moments.at(-1)!);
      const again = await stores.sessions.endedSince(log.ended[2]!.endedAt, 2);
      expect(again.ended).toEqual(log.ended.slice(2, 4));
      await stores.advance(SECOND);
      expect((await stores.sessions.endedSince(new Date(log.asOf.getTime() + 1), 100)).ended).toEqual([]);
    });

    it('is not told of sessions that only ran out', async () => {
      const stores = await make();
      const { asOf } = await stores.sessions.endedSince(new Date(0), 1);
      const { session } = await logIn(stores, await newUser(stores));
      await stores.advance(2000 * SECOND);
      const { ended } = await stores.sessions.endedSince(asOf, 1000);
      expect(ended.map(({ sessionId }) => sessionId)).not.toContain(session.id);
    });

    it('is final: no touch, use or rotation after it revives a session (R5.3, I3)', async () => {
      const stores = await make();
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user);
      const next = await rotated(stores, token);
      await stores.sessions.end(user.id, session.id, because('logout'));
      await stores.advance(120 * SECOND);
      const counted = await stores.sessions.countByMode();
      await expectDead(stores, user.id, session.id, [token, next]);
      expect(await stores.sessions.countByMode()).toEqual(counted);
      await stores.advance(DAY + 13 * 3600 * SECOND);
      await swept(stores);
      await stores.sessions.touch(session.id);
      expect(await stores.sessions.find(session.id)).toEqual({ state: 'unknown' });
    });

    it('is what a login gets whose user changed, was disabled or is gone (R2.9)', async () => {
      const stores = await make();
      const user = await newUser(stores);
      await stores.users.changePassword(user.id, user.authEpoch, 'another hash', BY);
      expect(await stores.sessions.open(loginOf(user).session, BY)).toEqual({ outcome: 'user_changed' });
      const { user: disabled } = (await stores.users.setStatus(user.email, 'disabled', BY))!;
      expect(await stores.sessions.open(loginOf(disabled).session, BY)).toEqual({ outcome: 'user_changed' });
      const nobody = { ...user, id: '00000000-0000-4000-8000-000000000000' };
      expect(await stores.sessions.open(loginOf(nobody).session, BY)).toEqual({ outcome: 'user_changed' });
      expect(await stores.sessions.list(user.id)).toEqual([]);
      expect(await stores.sessions.list(nobody.id)).toEqual([]);
    });
  });
}
