import { Client, PASSWORD } from '../support/client.js';
import { fail, from, newSource, WRONG } from '../support/sources.js';
import { PasswordHasher } from '../../src/users/password-hasher.js';
import { startApp, type TestApp } from '../support/test-app.js';

const GUESSES = 500;

describe('three instances on one database', () => {
  const apps: TestApp[] = [];
  const verified: jest.SpyInstance[] = [];

  beforeAll(async () => {
    for (let i = 0; i < 3; i += 1) {
      const app = await startApp({ RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' }, { shared: i > 0 });
      apps.push(app);
      verified.push(jest.spyOn(app.nest.get(PasswordHasher, { strict: false }), 'verify'));
    }
  });
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  /**
   * Wrong passwords at the same moment, over all instances; says how many of them were looked at, and what was answered. On a
   * machine that is too busy to look at any the guessers come again.
   */
  async function guess(client: (url: string, i: number) => Client): Promise<{ lookedAt: number; codes: Set<string> }> {
    const looks = (): number => verified.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    const before = looks();
    const codes = new Set<string>();
    for (let round = 0; round < 5 && looks() === before; round += 1) {
      const guesses = Array.from({ length: GUESSES }, (_, i) => client(apps[i % 3]!.url, i).login(WRONG));
      for (const { code } of await Promise.all(guesses)) codes.add(code!);
    }
    // Who finds no place among the logins under way is told to come back.
    codes.delete('service_unavailable');
    return { lookedAt: looks() - before, codes };
  }

  it('look at five of 500 guesses from one network (R4.3)', async () => {
    const ada = await from(newSource(), new Client(apps[0]!.url)).join();
    const source = newSource();
    const { lookedAt, codes } = await guess((url) => from(source, ada.other(url)));
    expect(lookedAt).toBeGreaterThan(0);
    expect(lookedAt).toBeLessThanOrEqual(5);
    expect(codes).toEqual(new Set(['login_failed', 'rate_limited']));
    expect((await from(newSource(), ada.other()).login(PASSWORD)).status).toBe(200);
  }, 60_000);

  it('look at ten of 500 guesses from 50 networks (R4.1, R4.3)', async () => {
    const ada = await from(newSource(), new Client(apps[0]!.url)).join();
    const sources = Array.from({ length: 50 }, newSource);
    const { lookedAt } = await guess((url, i) => from(sources[i % 50]!, ada.other(url)));
    expect(lookedAt).toBeGreaterThan(0);
    expect(lookedAt).toBeLessThanOrEqual(10);
  }, 60_000);

  it('look at twenty of 500 guesses at as many addresses that nobody has, from one network (R4.3, R3.5)', async () => {
    const source = newSource();
    const { lookedAt } = await guess((url) => from(source, new Client(url)));
    expect(lookedAt).toBeGreaterThan(0);
    expect(lookedAt).toBeLessThanOrEqual(20);
  }, 60_000);

  it('know a device again that logged in on another one (R4.2)', async () => {
    const ada = await from(newSource(), new Client(apps[0]!.url, 'cookie')).join();
    for (let i = 0; i < 10; i += 1) await fail(from(newSource(), new Client(apps[1]!.url, 'cookie', ada.email)), 1);
    const there = from(newSource(), ada.other(apps[2]!.url));
    expect((await there.login()).code).toBe('rate_limited');
    there.headers = { ...there.headers, cookie: `device=${ada.held.cookies.device}` };
    expect((await there.login()).status).toBe(200);
  });
});
