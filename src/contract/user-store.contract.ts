import { randomUUID } from 'node:crypto';
import type { NewUser } from '../users/user.store.js';
import { describeStorage, times } from './store-fixture.js';
import type { TestedStorage } from './stores.js';
import { BY } from './told.js';

const HASH = 'the hash of a password';

function ann(changes: Partial<NewUser> = {}): NewUser {
  const id = randomUUID();
  return { id, email: `${id}@example.org`, name: 'Ann', passwordHash: HASH, ...changes };
}

/** What every `UserStore` does with users as such. What moves their epoch is in `user-epoch.contract.ts`. */
export function userStoreContract(storage: TestedStorage<'users'>): void {
  describeStorage(storage, 'A user store', (make) => {
    it('keeps a new user, who is active and has the role of everyone', async () => {
      const { users } = await make();
      const { passwordHash: _, ...given } = ann();
      const created = await users.create({ ...given, passwordHash: HASH }, BY);
      expect(created).toEqual({
        ...given,
        roles: ['user'],
        status: 'active',
        authEpoch: 0,
        createdAt: expect.any(Date),
      });
      expect(await users.find(given.id)).toEqual(created);
    });

    it('tells the hash of the password only where it is asked for', async () => {
      const { users } = await make();
      const given = ann();
      const created = await users.create(given, BY);
      const withPassword = { ...created, passwordHash: HASH };
      expect(await users.findByEmail(given.email)).toEqual(withPassword);
      expect(await users.findWithPassword(given.id)).toEqual(withPassword);
      for (const user of [created, await users.find(given.id), ...(await users.page(null, 10))])
        expect(user).not.toHaveProperty('passwordHash');
    });

    it('gives an e-mail to one user only, however many ask for it at once', async () => {
      const { users } = await make();
      const all = await times(10, (i) => users.create(ann({ email: 'ann@example.org', name: `Ann ${i}` }), BY));
      const [created, ...more] = all.filter((user) => user !== null);
      expect(more).toEqual([]);
      expect(await users.findByEmail('ann@example.org')).toMatchObject(created!);
      expect(await users.page(null, 10)).toEqual([created]);
    });

    it('answers null for a user who is not there', async () => {
      const { users } = await make();
      const id = randomUUID();
      expect(await users.find(id)).toBeNull();
      expect(await users.findWithPassword(id)).toBeNull();
      expect(await users.findByEmail('nobody@example.org')).toBeNull();
      expect(await users.rename(id, 'Nobody')).toBeNull();
      await users.rehash(id, HASH, 'another hash');
    });

    it('turns pages in the order of the ids', async () => {
      const { users } = await make();
      const all = await times(5, async () => (await users.create(ann(), BY))!);
      const sorted = all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(await users.page(null, 2)).toEqual(sorted.slice(0, 2));
      expect(await users.page(sorted[1]!.id, 2)).toEqual(sorted.slice(2, 4));
      expect(await users.page(sorted[3]!.id, 2)).toEqual(sorted.slice(4));
      expect(await users.page(sorted[4]!.id, 2)).toEqual([]);
    });

    it('changes a name, and nothing that a session depends on', async () => {
      const { users } = await make();
      const created = (await users.create(ann(), BY))!;
      const renamed = { ...created, name: 'Ann Lee' };
      expect(await users.rename(created.id, 'Ann Lee')).toEqual(renamed);
      expect(await users.find(created.id)).toEqual(renamed);
      expect((await users.changedSince(new Date(0), 10)).changed).toEqual([]);
    });

    it('writes a password under newer parameters unless it was changed meanwhile, and ends no session by it', async () => {
      const { users } = await make();
      const created = (await users.create(ann(), BY))!;
      await users.rehash(created.id, 'a hash from before', 'lost');
      expect(await users.findWithPassword(created.id)).toEqual({ ...created, passwordHash: HASH });
      await users.rehash(created.id, HASH, 'newer');
      expect(await users.findWithPassword(created.id)).toEqual({ ...created, passwordHash: 'newer' });
      expect((await users.changedSince(new Date(0), 10)).changed).toEqual([]);
    });
  });
}
