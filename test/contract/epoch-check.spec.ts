import { UnavailableError } from '../../src/core/app-error.js';
import type { NewSession } from '../../src/sessions/session.store.js';
import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { MemorySessions } from '../../src/storage/memory/memory-sessions.js';
import type { User } from '../../src/users/user.js';
import { FakeUserStore } from '../support/fake-user.store.js';
import { MovedClock } from '../support/moved-clock.js';
import { loginOf, POLICY } from '../../src/contract/store-fixture.js';
import { BY, HeardAudit } from '../../src/contract/told.js';

class SilentUsers extends FakeUserStore {
  override find(): Promise<User | null> {
    return Promise.reject(new UnavailableError('The database'));
  }
}

it('leaves no session behind when the user cannot be read again (R2.9)', async () => {
  const users = new SilentUsers();
  const user = (await users.create({ id: 'u', email: 'u@example.org', name: null, passwordHash: 'not a hash' }))!;
  const sessions = new MemorySessionStore(new MemorySessions(new MovedClock(), POLICY), users, new HeardAudit());
  const session: NewSession = loginOf(user).session;
  await expect(sessions.open(session, BY)).rejects.toThrow(UnavailableError);
  expect(await sessions.list(user.id)).toEqual([]);
  expect(await sessions.find(session.id)).toEqual({ state: 'revoked' });
});

it('tells of the sessions that a login has cost, also when the login itself came too late (R13.5)', async () => {
  const users = new FakeUserStore();
  const user = (await users.create({ id: 'u', email: 'u@example.org', name: null, passwordHash: 'not a hash' }))!;
  const audit = new HeardAudit();
  const policy = { ...POLICY, maxPerUser: 1 };
  const sessions = new MemorySessionStore(new MemorySessions(new MovedClock(), policy), users, audit);
  const first = loginOf(user).session;
  await sessions.open(first, BY);
  await users.changePassword(user.id, user.authEpoch, 'another hash');
  audit.heard.length = 0;
  expect(await sessions.open(loginOf(user).session, BY)).toEqual({ outcome: 'user_changed' });
  expect(audit.heard).toMatchObject([
    { event: 'authn_token_revoked', reason: 'evicted', sessionId: first.id },
    { event: 'excess_sessions_exceeded', count: 1 },
  ]);
});
