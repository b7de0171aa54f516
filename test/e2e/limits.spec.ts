import pg from 'pg';
import { PasswordHasher } from '../../src/users/password-hasher.js';
import { Client, PASSWORD } from '../support/client.js';
import { inEveryColumn } from '../support/columns.js';
import { OwnedDatabase } from '../support/owned-database.js';
import { fail, from, newSource, WRONG } from '../support/sources.js';
import { startApp, type TestApp } from '../support/test-app.js';

const NEXT = 'marker difference engines weave';

inEveryColumn({ RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' }, (column) => {
  const { scenario } = column;
  const member = (): Promise<Client> => from(newSource(), column.client()).join();

  scenario(
    'lets a user try five current passwords in a quarter of an hour, and a right one clears them (R4.1)',
    async () => {
      const ada = await member();
      const phone = from(newSource(), ada.other());
      await phone.login();
      const tries = async (times: number): Promise<void> => {
        for (let i = 0; i < times; i += 1)
          expect((await ada.changePassword(WRONG, NEXT)).code).toBe('current_password_wrong');
      };
      await tries(4);
      expect((await ada.changePassword(PASSWORD, 'short')).code).toBe('password_too_weak');
      await tries(5);
      // The sixth is refused on every device of the user, right or wrong, and ends no session.
      for (const device of [ada, phone]) {
        const refused = await device.changePassword(PASSWORD, NEXT);
        expect([refused.status, refused.body['violated-policies']]).toEqual([429, ['password-change']]);
        expect(refused.headers.get('ratelimit-policy')).toBe('"password-change";q=5;w=900');
        expect((await device.me()).status).toBe(200);
      }
      await column.app.advance(Number((await ada.changePassword(PASSWORD, NEXT)).headers.get('retry-after')) * 1000);
      await ada.refresh();
      expect((await ada.changePassword(PASSWORD, NEXT)).status).toBe(200);
    },
  );
});

describe('an application with limits', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await startApp({ RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' });
  });
  afterEach(() => app.close());

  const stranger = (source: string): Client => from(source, new Client(app.url));

  it('takes ten registrations an hour from a network, counts those of taken addresses and not those it can make nothing of (R4.1)', async () => {
    const source = newSource();
    const ada = stranger(source);
    for (let i = 0; i < 3; i += 1) {
      expect((await stranger(source).register('short')).code).toBe('password_too_weak');
      expect((await ada.send('POST', '/auth/register', { body: { email: 'nobody' } })).code).toBe('validation_failed');
    }
    expect((await ada.register()).status).toBe(201);
    for (let i = 0; i < 9; i += 1) expect((await from(source, ada.other()).register()).code).toBe('email_taken');
    const refused = await stranger(source).register();
    expect([refused.status, refused.body['violated-policies']]).toEqual([429, ['register-source']]);
    expect((await stranger(newSource()).register()).status).toBe(201);
    await app.advance(Number(refused.headers.get('retry-after')) * 1000);
    expect((await stranger(source).register()).status).toBe(201);
  });

  it.each([
    ['203.0.113.1', '203.0.113.254', '203.0.114.1'],
    ['::ffff:198.51.100.1', '198.51.100.2', '::ffff:198.51.101.1'],
    ['2001:db8:1:2::1', '2001:DB8:1:2:ffff::', '2001:db8:1:3::1'],
  ])('takes %s and %s for one source and %s for another one (R4.4)', async (one, same, other) => {
    for (let i = 0; i < 20; i += 1) await fail(stranger(i % 2 ? one : same), 1);
    for (const source of [one, same]) expect((await stranger(source).login()).code).toBe('rate_limited');
    await fail(stranger(other), 1);
  });

  it('takes all whose address is no address for one source (R4.4)', async () => {
    for (let i = 0; i < 20; i += 1) await fail(stranger(`no address ${i}`), 1);
    expect((await stranger('unknown').login()).code).toBe('rate_limited');
    await fail(stranger(newSource()), 1);
  });

  it('has one login, however its path is spelt (R4.7)', async () => {
    const source = newSource();
    for (let i = 0; i < 20; i += 1) await fail(stranger(source), 1);
    const body = { email: 'ada@example.com', password: WRONG };
    for (const path of [
      '//auth/login',
      '/AUTH/LOGIN',
      '/Auth/Login/',
      '/auth/login/',
      '/auth/%6cogin',
      '/auth//login',
      '/auth/login?',
    ]) {
      const { status } = await stranger(source).send('POST', path, { body });
      expect({ path, isLetIn: ![404, 429].includes(status) }).toEqual({ path, isLetIn: false });
    }
  });

  /** Nobody else reads or writes the table while `act` goes on. */
  async function locked(table: string, act: () => Promise<void>): Promise<void> {
    const client = new pg.Client({ connectionString: process.env.TEST_WORKER_DATABASE_URL });
    await client.connect();
    try {
      await client.query(`BEGIN; LOCK TABLE sallyport.${table} IN ACCESS EXCLUSIVE MODE`);
      await act();
    } finally {
      await client.query('ROLLBACK');
      await client.end();
    }
  }

  it('answers 503 when it cannot count, neither 429 nor a pass, and lets in again once it can (R4.6, R13.2)', async () => {
    const ada = await stranger(newSource()).join();
    await locked('limits', async () => {
      const verify = jest.spyOn(app.nest.get(PasswordHasher, { strict: false }), 'verify');
      const answers = await Promise.all([
        from(newSource(), ada.other()).login(),
        ada.changePassword(PASSWORD, NEXT),
        stranger(newSource()).register(),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
      expect(verify).not.toHaveBeenCalled();
      expect((await ada.me()).status).toBe(200);
    });
    expect((await from(newSource(), ada.other()).login()).status).toBe(200);
  });

  it('counts no login that an outage kept from being looked at (R4.3)', async () => {
    const ada = await stranger(newSource()).join();
    const source = newSource();
    await locked('users', async () => {
      for (let round = 0; round < 2; round += 1) {
        const tries = Array.from({ length: 4 }, () => from(source, ada.other()).login());
        expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([503, 503, 503, 503]);
      }
    });
    await fail(from(source, ada.other()), 5);
  });
});

it('an application that is denied the right to count answers 503, and passes nobody (R13.2)', async () => {
  const database = await OwnedDatabase.make();
  const app = await startApp({ RATE_LIMITS: 'on', DATABASE_URL: database.url });
  const ada = await new Client(app.url).join();
  await database.admin(`REVOKE INSERT, UPDATE ON sallyport.limits FROM ${database.name}`);
  const verify = jest.spyOn(app.nest.get(PasswordHasher, { strict: false }), 'verify');
  expect((await ada.other().login()).code).toBe('service_unavailable');
  expect(verify).not.toHaveBeenCalled();
  expect((await ada.me()).status).toBe(200);
  await app.close();
  await database.drop();
});

it('an application without a trusted proxy believes no X-Forwarded-For (R4.4)', async () => {
  const app = await startApp({ RATE_LIMITS: 'on' });
  for (let i = 0; i < 20; i += 1) await fail(from(newSource(), new Client(app.url)), 1);
  expect((await from(newSource(), new Client(app.url)).login()).code).toBe('rate_limited');
  await app.close();
});

it('an application behind https calls the device by a name that a browser believes only from there, and tells a listed page how long to wait (R4.2, R4.5)', async () => {
  const origin = 'https://app.example.com';
  const app = await startApp({ RATE_LIMITS: 'on', COOKIE_SECURE: 'true', CORS_ORIGINS: origin });
  const ada = new Client(app.url, 'cookie');
  ada.headers = { ...ada.headers, origin };
  const secure = await ada.register().then(() => ada.login());
  expect(secure.headers.getSetCookie().filter((line) => line.startsWith('__Secure-device='))).toEqual([
    expect.stringMatching(/; Path=\/auth\/login; HttpOnly; Secure; SameSite=Strict$/),
  ]);
  const exposed = secure.headers.get('access-control-expose-headers')!.split(',');
  expect(exposed).toEqual(expect.arrayContaining(['Retry-After', 'RateLimit', 'RateLimit-Policy']));
  await app.close();
});

it('an application without limits counts nothing and remembers no device', async () => {
  const app = await startApp({ RATE_LIMITS: 'off' });
  const ada = new Client(app.url, 'cookie');
  await ada.register();
  await fail(ada, 21);
  const names = (await ada.login()).headers.getSetCookie().map((line) => line.split('=', 1)[0]);
  expect(names).toEqual(['sid']);
  for (let i = 0; i < 31; i += 1) expect((await ada.refresh()).status).toBe(200);
  await app.close();
});
