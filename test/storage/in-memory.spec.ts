import { AuditTrail } from '../../src/audit/audit-trail.js';
import { StartError } from '../../src/core/start-error.js';
import { openStorage } from '../../src/storage/open-storage.js';
import { Client, PASSWORD } from '../support/client.js';
import { storageParts } from '../support/storage-parts.js';
import { newUser } from '../../src/contract/store-fixture.js';
import { startApp, type TestApp } from '../support/test-app.js';
import { BY } from '../../src/contract/told.js';

const IN_MEMORY = { database: 'memory', schema: 'sallyport', sessionStore: 'memory', redisUrl: null } as const;

describe.each(['session', 'jwt'])('a service that keeps everything in memory, in %s mode', (mode) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ AUTH_MODE: mode, RATE_LIMITS: 'on', DATABASE_URL: undefined }, { inMemory: true });
  });
  afterAll(() => app.close());

  it('registers, logs in, refreshes, lists and logs out', async () => {
    const ada = await new Client(app.url).join();
    expect((await ada.me()).status).toBe(200);
    expect((await ada.refresh()).status).toBe(200);
    await app.advance(60_000);
    expect((await ada.me()).status).toBe(200);
    await ada.logout();
    expect((await ada.me()).status).toBe(401);
    expect((await ada.login(PASSWORD)).status).toBe(200);
  });

  it('counts what is limited, and keeps a trail', async () => {
    const ada = await new Client(app.url).join();
    const statuses = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await ada.other().login('not the password of anybody')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const entries = await app.nest.get(AuditTrail).list({ sinceMs: 60_000, limit: 7 });
    expect(entries.map(({ event }) => event)).toEqual([
      'authn_login_success',
      ...Array(5).fill('authn_login_fail'),
      'excess_rate_limit_exceeded',
    ]);
  });
});

describe('storage in memory', () => {
  it('tells the trail of each change of a user once, and of none that was none', async () => {
    const parts = storageParts();
    const { users, audit } = await openStorage(IN_MEMORY, parts);
    const { id, email } = await newUser({ users });
    for (let i = 0; i < 2; i += 1) {
      await users.grantRole(email, 'admin', BY);
      await users.changePassword(id, 1, 'another hash', BY);
    }
    await users.takeRole(email, 'user', BY);
    await users.setStatus(email, 'disabled', BY);
    await users.create({ id: 'another', email, name: null, passwordHash: 'not a hash' }, BY);
    const entries = await audit.list({ userId: id, sinceMs: 1000, limit: 10 });
    const told = [
      ['user_created', undefined],
      ['authz_change', 'role_granted admin'],
      ['authn_password_change', undefined],
      ['authz_change', 'role_taken user'],
      ['authz_change', 'user_disabled'],
    ];
    expect(entries.map(({ event, reason }) => [event, reason])).toEqual(told);
    expect(parts.log.said.map(({ event, reason }) => [event, reason])).toEqual(told);
  });

  it('finds what somebody tried by a name, forgets what is old, and never keeps more than 20,000 entries', async () => {
    const { clock, ...parts } = storageParts();
    const { audit } = await openStorage(IN_MEMORY, { clock, ...parts });
    audit.tell('authn_login_fail', { identifier: 'ada@example.org' }, BY);
    const [found, ...others] = await audit.list({ identifier: 'ada@example.org', sinceMs: 1000, limit: 10 });
    expect(found).toMatchObject({ event: 'authn_login_fail', identifier: expect.not.stringContaining('ada@') });
    expect(others).toEqual([]);
    clock.advance(31 * 86_400_000);
    await audit.keepMonths(30);
    expect(await audit.list({ sinceMs: 1e12, limit: 10 })).toEqual([]);
    for (let i = 0; i < 25_000; i += 1) audit.tell('authn_login_success', { userId: String(i) }, BY);
    const kept = await audit.list({ sinceMs: 1000, limit: 1e9 });
    expect(kept.length).toBeLessThanOrEqual(20_000);
    expect(kept.at(-1)).toMatchObject({ userId: '24999' });
  });

  it('has no sessions in Postgres beside it: that is refused in one sentence', async () => {
    const open = openStorage({ ...IN_MEMORY, sessionStore: 'postgres' }, storageParts());
    await expect(open).rejects.toThrow(
      new StartError(
        'Sessions are in Postgres only beside its users: keep them in Redis, in memory or in a store of your own.',
      ),
    );
  });
});
