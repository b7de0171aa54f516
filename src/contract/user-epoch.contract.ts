import { randomUUID } from 'node:crypto';
import type { User } from '../users/user.js';
import type { Change, UserStore } from '../users/user.store.js';
import { describeStorage, newUser, SECOND, times } from './store-fixture.js';
import type { TestedStorage } from './stores.js';
import { BY } from './told.js';

interface Act {
  readonly name: string;
  readonly act: (users: UserStore, user: User) => Promise<Change | null>;
  /** What is different afterwards, beside the epoch. */
  readonly changes: Partial<User>;
}

/** Each act that moves the epoch, on a user as `newUser` makes one. */
const ACTS: Act[] = [
  {
    name: 'grantRole',
    act: (users, { email }) => users.grantRole(email, 'admin', BY),
    changes: { roles: ['user', 'admin'] },
  },
  { name: 'takeRole', act: (users, { email }) => users.takeRole(email, 'user', BY), changes: { roles: [] } },
  {
    name: 'setStatus',
    act: (users, { email }) => users.setStatus(email, 'disabled', BY),
    changes: { status: 'disabled' },
  },
  {
    name: 'changePassword',
    act: async (users, { id, authEpoch }) => {
      const user = await users.changePassword(id, authEpoch, 'the next hash', BY);
      return user && { user, moved: true };
    },
    changes: {},
  },
];

/** The acts on a user who is so already. */
const NO_CHANGES: [string, (users: UserStore, email: string) => Promise<Change | null>][] = [
  ['granted a role that they have', (users, email) => users.grantRole(email, 'user', BY)],
  ['relieved of a role that they have not', (users, email) => users.takeRole(email, 'admin', BY)],
  ['enabled while they are active', (users, email) => users.setStatus(email, 'active', BY)],
];

const LONG_AGO = new Date(0);

/** What every `UserStore` does with the epoch, which is what a session's life depends on. */
export function userEpochContract(storage: TestedStorage<'users'>): void {
  describeStorage(storage, 'The epoch of a user', (make) => {
    it.each(ACTS)('moves by one with $name, in the same act', async ({ act, changes }) => {
      const stores = await make();
      const user = await newUser(stores);
      const changed = { ...user, ...changes, authEpoch: user.authEpoch + 1 };
      expect(await act(stores.users, user)).toEqual({ user: changed, moved: true });
      expect(await stores.users.find(user.id)).toEqual(changed);
    });

    it.each(NO_CHANGES)('stands still for a user who is %s', async (_, act) => {
      const stores = await make();
      const user = await newUser(stores);
      expect(await act(stores.users, user.email)).toEqual({ user, moved: false });
      expect(await stores.users.find(user.id)).toEqual(user);
      expect((await stores.users.changedSince(LONG_AGO, 10)).changed).toEqual([]);
    });

    it('is nobody’s where there is no user: the answer is null', async () => {
      const stores = await make();
      const nobody = { ...(await newUser(stores)), id: randomUUID(), email: 'nobody@example.org' };
      for (const { act } of ACTS) expect(await act(stores.users, nobody)).toBeNull();
      for (const [, act] of NO_CHANGES) expect(await act(stores.users, nobody.email)).toBeNull();
      expect((await stores.users.changedSince(LONG_AGO, 10)).changed).toEqual([]);
    });

    it('lets one of ten changes of a password win that have seen the same epoch', async () => {
      const stores = await make();
      const { id, authEpoch } = await newUser(stores);
      const all = await times(10, (i) => stores.users.changePassword(id, authEpoch, `hash ${i}`, BY));
      const winners = all.flatMap((user, i) => (user ? [i] : []));
      expect(winners).toHaveLength(1);
      const found = await stores.users.findWithPassword(id);
      expect(found).toMatchObject({ authEpoch: authEpoch + 1, passwordHash: `hash ${winners[0]}` });
    });

    it('loses none of ten roles that are granted at once', async () => {
      const stores = await make();
      const { id, email, authEpoch } = await newUser(stores);
      const roles = Array.from({ length: 10 }, (_, i) => `role-${i}`);
      await Promise.all(roles.map((role) => stores.users.grantRole(email, role, BY)));
      const found = (await stores.users.find(id))!;
      expect(found.roles.toSorted()).toEqual([...roles, 'user']);
      expect(found.authEpoch).toBe(authEpoch + roles.length);
    });

    it('is told of since any moment, the oldest move first, and how far the telling goes', async () => {
      const stores = await make();
      const all = await times(3, () => newUser(stores));
      const moved: string[] = [];
      for (const { act } of ACTS.slice(0, 3)) {
        const user = all.pop()!;
        await stores.advance(SECOND);
        await act(stores.users, user);
        moved.push(user.id);
      }
      const { changed, asOf } = await stores.users.changedSince(LONG_AGO, 10);
      expect(changed.map(({ userId, authEpoch }) => [userId, authEpoch])).toEqual(moved.map((id) => [id, 1]));
      const [, second, third] = changed;
      expect(asOf.getTime()).toBeGreaterThanOrEqual(third!.changedAt.getTime());
      expect((await stores.users.changedSince(second!.changedAt, 10)).changed).toEqual([second, third]);
      expect((await stores.users.changedSince(LONG_AGO, 2)).changed).toEqual(changed.slice(0, 2));
      expect((await stores.users.changedSince(new Date(asOf.getTime() + SECOND), 10)).changed).toEqual([]);
    });

    it('is told of by its last move alone', async () => {
      const stores = await make();
      const user = await newUser(stores);
      await stores.users.grantRole(user.email, 'admin', BY);
      await stores.advance(SECOND);
      await stores.users.takeRole(user.email, 'admin', BY);
      const { changed } = await stores.users.changedSince(LONG_AGO, 10);
      expect(changed).toEqual([{ userId: user.id, authEpoch: 2, changedAt: expect.any(Date) }]);
    });
  });
}
