import { createHash } from 'node:crypto';
import { LegacyPasswords } from '../../src/users/legacy-passwords.js';
import { PasswordHasher } from '../../src/users/password-hasher.js';
import { CommonPasswords } from '../../src/users/common-passwords.js';
import { NewPassword } from '../../src/users/new-password.js';
import { UsersService } from '../../src/users/users.service.js';
import { FakeUserStore } from '../support/fake-user.store.js';
import { HeardAudit } from '../../src/contract/told.js';
import { unlimited } from '../support/unlimited.js';

const PASSWORD = 'marker analytical engines weave';

/** What an application may have had before it knew better. */
class Sha1 extends LegacyPasswords {
  verify(password: string, hash: string): Promise<boolean> | null {
    return hash.startsWith('sha1:') ? Promise.resolve(sha1(password) === hash) : null;
  }
}

const sha1 = (password: string): string => `sha1:${createHash('sha1').update(password).digest('hex')}`;

async function service(passwordHash = sha1(PASSWORD)) {
  const users = new FakeUserStore();
  await users.create({ id: 'ada', email: 'ada@example.org', name: null, passwordHash });
  const policy = { minLength: 15, legacy: new Sha1() };
  const hasher = new PasswordHasher(policy);
  await hasher.onModuleInit();
  const newPassword = new NewPassword(policy, new CommonPasswords());
  const logIn = (password: string) =>
    new UsersService(users, newPassword, hasher, unlimited(), new HeardAudit()).authenticate(
      { email: 'ada@example.org', origin: {}, device: null },
      password,
    );
  return { users, logIn };
}

describe('a password that was hashed before its user came here', () => {
  it('logs in, is hashed as ours from then on, and goes on working', async () => {
    const { users, logIn } = await service();
    expect(await logIn(PASSWORD)).toMatchObject({ id: 'ada' });
    expect((await users.findWithPassword('ada'))!.passwordHash).toMatch(/^\$argon2id\$/);
    expect(await logIn(PASSWORD)).toMatchObject({ id: 'ada' });
    expect(await logIn('another password')).toBeNull();
  });

  it('is wrong when it is another one, and stays as it was hashed', async () => {
    const { users, logIn } = await service();
    expect(await logIn('another password')).toBeNull();
    expect((await users.findWithPassword('ada'))!.passwordHash).toBe(sha1(PASSWORD));
  });

  it.each(['', 'md5:of long ago'])(
    'is never right when nobody can read its hash (%j), and that is no failure',
    async (hash) => {
      const { logIn } = await service(hash);
      expect(await logIn(PASSWORD)).toBeNull();
      expect(await logIn('')).toBeNull();
    },
  );
});
