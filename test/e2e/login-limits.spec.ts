import { type Client, PASSWORD, type Reply } from '../support/client.js';
import { inEveryColumn } from '../support/columns.js';
import { fail, from, newSource, onDevice, WRONG } from '../support/sources.js';
import { auditTrail } from '../support/test-log.js';

const MINUTE = 60_000;
const OTHER_PASSWORD = 'marker difference engines weave';

inEveryColumn({ RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' }, (column) => {
  const { scenario, client } = column;
  const member = (): Promise<Client> => from(newSource(), client()).join();
  /** The same user from somewhere else, with nothing in their hands. */
  const elsewhere = (user: Client): Client => from(newSource(), user.other());

  /** What an answer shows, but for the request's id. */
  const shown = ({ status, headers, body }: Reply): unknown => {
    const { requestId: _, ...rest } = body;
    const told = [...headers].filter(([name]) => !/^(date|x-request-id)$/.test(name));
    return { status, rest, told };
  };

  scenario(
    'lets a stranger guess five times from a network, and the owner log in from another one (R4.1)',
    async () => {
      const ada = await member();
      const stranger = elsewhere(ada);
      await fail(stranger, 5);
      for (const password of [WRONG, PASSWORD]) expect((await stranger.login(password)).code).toBe('rate_limited');
      expect((await elsewhere(ada).login()).status).toBe(200);
    },
  );

  scenario('lets a stranger in again exactly when it said (R4.5)', async () => {
    const ada = await member();
    const stranger = elsewhere(ada);
    await fail(stranger, 5);
    const wait = Number((await stranger.login()).headers.get('retry-after'));
    expect(wait).toBeGreaterThan(14 * 60);
    await column.app.advance(wait * 1000 - 10_000);
    expect((await stranger.login()).status).toBe(429);
    await column.app.advance(10_000);
    expect((await stranger.login()).status).toBe(200);
  });

  scenario(
    'makes all strangers wait after ten failures in a row, wherever they come from, and lifts that by itself (R4.1)',
    async () => {
      const ada = await member();
      for (let i = 0; i < 10; i += 1) await fail(elsewhere(ada), 1);
      const refused = await elsewhere(ada).login();
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^(60|5\d)$/)]);
      await column.app.advance(MINUTE);
      expect((await elsewhere(ada).login()).status).toBe(200);
      // The login has cleared the failures of before.
      for (let i = 0; i < 9; i += 1) await fail(elsewhere(ada), 1);
      expect((await elsewhere(ada).login()).status).toBe(200);
    },
  );

  scenario('counts and refuses an unknown address as it does an account, to the byte (R3.1, R3.5)', async () => {
    const trial = async (user: Client): Promise<unknown[]> => {
      const one = elsewhere(user);
      const fromOne = [];
      for (let i = 0; i < 6; i += 1) fromOne.push(shown(await one.login(WRONG)));
      for (let i = 0; i < 5; i += 1) await fail(elsewhere(user), 1);
      return [fromOne, shown(await elsewhere(user).login(WRONG))];
    };
    const about = (answers: unknown): unknown =>
      JSON.parse(JSON.stringify(answers).replaceAll(/\["retry-after","(\d+)"\]/g, (_, s) => `"${Math.ceil(s / 10)}"`));
    expect(about(await trial(await member()))).toEqual(about(await trial(client())));
  });

  scenario('names a limit by source, and none by account (R4.5)', async () => {
    const ada = await member();
    const stranger = elsewhere(ada);
    await fail(stranger, 5);
    const byAccount = await stranger.login();
    expect([...byAccount.headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([]);
    expect(Object.keys(byAccount.body).sort()).toEqual(['code', 'detail', 'requestId', 'status', 'title', 'type']);

    const source = newSource();
    for (let i = 0; i < 20; i += 1) await fail(from(source, client()), 1);
    const bySource = await from(source, client()).login();
    const wait = bySource.headers.get('retry-after');
    expect(bySource.headers.get('ratelimit-policy')).toBe('"login-source";q=20;w=60');
    expect(bySource.headers.get('ratelimit')).toBe(`"login-source";r=0;t=${wait}`);
    expect(bySource.body).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      code: 'rate_limited',
      'violated-policies': ['login-source'],
    });
    await column.app.advance(Number(wait) * 1000);
    await fail(from(source, client()), 1);
  });

  scenario('gives successes back: an office behind one address logs in thirty times a minute (R4.3)', async () => {
    const ada = await member();
    const source = newSource();
    for (let i = 0; i < 30; i += 1) expect((await from(source, ada.other()).login()).status).toBe(200);
    for (let i = 0; i < 20; i += 1) await fail(from(source, client()), 1);
    expect((await from(source, ada.other()).login()).code).toBe('rate_limited');
  });

  scenario('tells the audit trail of a full bucket once a minute (R4.1)', async () => {
    const ada = await member();
    for (let i = 0; i < 10; i += 1) await fail(elsewhere(ada), 1);
    const lines = auditTrail();
    const stranger = elsewhere(ada);
    for (let i = 0; i < 3; i += 1) await stranger.login();
    const told = { event: 'authn_login_lock', reason: 'login-account', requestId: expect.any(String) };
    expect(lines()).toMatchObject([{ ...told, address: stranger.headers['x-forwarded-for'] }]);
    await column.app.advance(MINUTE);
    await fail(stranger, 1);
    await stranger.login();
    expect(lines().filter(({ event }) => event === 'authn_login_lock')).toHaveLength(2);
  });

  scenario(
    'lets the owner log in on a known device, however many networks try the account (R4.2)',
    async () => {
      const ada = await member();
      const { device } = ada.held.cookies;
      for (let i = 0; i < 50; i += 1) await elsewhere(ada).login(WRONG);
      expect((await elsewhere(ada).login()).code).toBe('rate_limited');
      expect((await onDevice(newSource(), ada, `device=${device}`).login()).status).toBe(200);
      // A known device has a limit of its own, and its failures are no stranger's.
      const known = onDevice(newSource(), ada, `device=${device}`);
      await fail(known, 5);
      expect((await known.login()).code).toBe('rate_limited');
      await column.app.advance(15 * MINUTE);
      expect((await known.login()).status).toBe(200);
    },
    { difference: 'cookies are only in the cookie transport' },
  );

  scenario(
    'gives nothing for a device cookie that is forged or foreign, and finds its own beside those that another host has planted (R1.4, R4.2)',
    async () => {
      const [ada, eve] = [await member(), await member()];
      for (let i = 0; i < 10; i += 1) await fail(elsewhere(ada), 1);
      const own = ada.held.cookies.device!;
      const [name, epoch, proof] = own.split('.') as [string, string, string];
      const others = eve.held.cookies.device!.split('.') as [string, string, string];
      for (const forged of [
        `device=${others.join('.')}`,
        `device=${name}.${epoch}.${others[2]}`,
        `device=${others[0]}.${epoch}.${proof}`,
        `device=${name}.${Number(epoch) + 1}.${proof}`,
        `device=${name}.${epoch}.${proof.slice(1)}`,
        `device=${name}`,
        'device=',
        `device=a; device=b; device=c; device=${own}`,
      ])
        expect((await onDevice(newSource(), ada, forged).login()).code).toBe('rate_limited');
      expect((await onDevice(newSource(), ada, `device=${others.join('.')}; device=${own}`).login()).status).toBe(200);
    },
    { difference: 'cookies are only in the cookie transport' },
  );

  scenario(
    'forgets the devices of a user whose password is changed, but for the one that changed it (R4.2)',
    async () => {
      const ada = await member();
      const before = ada.held.cookies.device!;
      expect((await ada.changePassword(PASSWORD, OTHER_PASSWORD)).status).toBe(200);
      const after = ada.held.cookies.device!;
      for (let i = 0; i < 10; i += 1) await fail(elsewhere(ada), 1);
      expect((await onDevice(newSource(), ada, `device=${before}`).login(OTHER_PASSWORD)).code).toBe('rate_limited');
      expect((await onDevice(newSource(), ada, `device=${after}`).login(OTHER_PASSWORD)).status).toBe(200);
    },
    { difference: 'cookies are only in the cookie transport' },
  );

  scenario(
    'keeps the device cookie from scripts and other routes, opens nothing by it and leaves it at a logout (R4.2)',
    async () => {
      const ada = from(newSource(), client());
      await ada.register();
      const cookie = (await ada.login()).headers.getSetCookie().find((line) => line.startsWith('device='))!;
      expect(cookie).toMatch(
        /^device=[\w-]{22}\.\d+\.[\w-]{43}; Max-Age=15552000; Path=\/auth\/login; HttpOnly; SameSite=Strict$/,
      );
      const thief = client();
      thief.held.cookies = { device: ada.held.cookies.device! };
      expect((await thief.me()).code).toBe('credentials_missing');
      expect((await thief.logout()).status).toBe(204);
      expect((await ada.me()).status).toBe(200);
      await ada.logout();
      expect(Object.keys(ada.held.cookies)).toEqual(['device']);
      const again = onDevice(newSource(), ada, cookie.split(';', 1)[0]!);
      await again.login();
      expect(again.held.cookies.device).toBe(ada.held.cookies.device);
    },
    { difference: 'cookies are only in the cookie transport' },
  );
});
