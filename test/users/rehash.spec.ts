import { Algorithm, hash } from '@node-rs/argon2';
import { UnavailableError } from '../../src/core/app-error.js';
import { CommonPasswords } from '../../src/users/common-passwords.js';
import { NewPassword } from '../../src/users/new-password.js';
import { PasswordHasher } from '../../src/users/password-hasher.js';
import { UsersService } from '../../src/users/users.service.js';
import { FakeUserStore } from '../support/fake-user.store.js';
import { HeardAudit } from '../../src/contract/told.js';
import { unlimited } from '../support/unlimited.js';

const EMAIL = 'ada@example.org';
const ADA = { email: EMAIL, origin: {}, device: null };
const PASSWORD = 'marker analytical engines weave';

/** A user whose password was hashed when the parameters were weaker than today's. */
async function withOldHash(users = new FakeUserStore()) {
  const algorithm = 2 as Algorithm;
  const passwordHash = await hash(PASSWORD, { algorithm, memoryCost: 8192, timeCost: 1, parallelism: 1 });
  await users.create({ id: 'ada', email: EMAIL, name: null, passwordHash });
  const policy = { minLength: 15 };
  const hasher = new PasswordHasher();
  await hasher.onModuleInit();
  const newPassword = new NewPassword(policy, new CommonPasswords());
  return {
    users,
    passwordHash,
    service: new UsersService(users, newPassword, hasher, unlimited(), new HeardAudit()),
  };
}

it('a password whose parameters have moved is hashed anew at the next login, and goes on working (R2.5)', async () => {
  const { users, service } = await withOldHash();
  expect(await service.authenticate(ADA, PASSWORD)).toMatchObject({ id: 'ada' });
  const { passwordHash, authEpoch } = (await users.findWithPassword('ada'))!;
  expect(passwordHash).toContain('$m=19456,t=2,p=1$');
  expect(authEpoch).toBe(0);
  expect(await service.authenticate(ADA, PASSWORD)).toMatchObject({ id: 'ada' });
});

it('a wrong password hashes nothing anew (R2.5)', async () => {
  const { users, service, passwordHash } = await withOldHash();
  expect(await service.authenticate(ADA, 'another password')).toBeNull();
  expect((await users.findWithPassword('ada'))!.passwordHash).toBe(passwordHash);
});

it('a login succeeds although the new hash cannot be written (R2.5)', async () => {
  class ReadOnlyUsers extends FakeUserStore {
    override rehash(): Promise<void> {
      return Promise.reject(new UnavailableError('The database'));
    }
  }
  const { service } = await withOldHash(new ReadOnlyUsers());
  expect(await service.authenticate(ADA, PASSWORD)).toMatchObject({ id: 'ada' });
});
