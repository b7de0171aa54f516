import { UnavailableError } from '../../src/core/app-error.js';
import { Clock } from '../../src/core/clock.js';
import { RevocationFeed } from '../../src/auth/revocation.feed.js';
import { RevocationHints } from '../../src/sessions/revocation-hints.js';
import { SessionStore } from '../../src/sessions/session.store.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { UserStore } from '../../src/users/user.store.js';
import { Client, untilOut } from '../support/client.js';
import { tellDelays } from '../support/delays.js';
import { eventually } from '../support/eventually.js';
import type { MovedClock } from '../support/moved-clock.js';
import { startApp, type TestApp } from '../support/test-app.js';

/** What the documentation promises, whatever fails. */
const BOUND_MS = 1000;
const ROUNDS = 100;
/** Each of these waits for a pull. */
const DEAF_ROUNDS = 10;
const stores = process.env.TEST_REDIS_URL ? ['postgres', 'redis'] : ['postgres'];

describe.each(stores)('a revocation in jwt mode, on %s', (store) => {
  const settings = { AUTH_MODE: 'jwt', SESSION_STORE: store, SESSION_MAX_PER_USER: '50' };
  const running: TestApp[] = [];
  let here: TestApp;
  let there: TestApp;
  let ada: Client;

  beforeAll(async () => {
    running.push((here = await startApp(settings)));
    there = await startAnother();
    ada = await new Client(here.url).join();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    for (const app of running.splice(0)) await app.close();
  });

  const startAnother = async (): Promise<TestApp> => {
    const app = await startApp(settings, { shared: true });
    running.push(app);
    return app;
  };
  const close = async (app: TestApp): Promise<void> => {
    running.splice(running.indexOf(app), 1);
    await app.close();
  };

  /** The user logged in once more, as the one instance and as the other see it. */
  const loggedIn = async (far = there): Promise<{ near: Client; far: Client }> => {
    const near = ada.other();
    expect((await near.login()).status).toBe(200);
    return { near, far: near.copy(far.url) };
  };

  /** How long after each logout here was answered the other instance still let its holder in. */
  const delaysOf = async (rounds: number, other: TestApp): Promise<number[]> => {
    const delays: number[] = [];
    while (delays.length < rounds) {
      const { near, far } = await loggedIn(other);
      expect(await far.standing()).toBe('let in');
      expect((await near.logout()).status).toBe(204);
      delays.push(await untilOut(far, 'session_revoked'));
    }
    return delays;
  };

  it('reaches the other instance by a hint, within the bound', async () => {
    const pulls = jest.spyOn(there.nest.get(SessionStore), 'endedSince');
    const delays = await delaysOf(ROUNDS, there);
    tellDelays(`Refused elsewhere, ${store}, with hints`, delays);
    expect(Math.max(...delays)).toBeLessThan(BOUND_MS);
    // One for each of them, beside those that would have been made anyway.
    expect(pulls.mock.calls.length).toBeGreaterThanOrEqual(ROUNDS);
  }, 120_000);

  it('reaches an instance that hears no hint within the same bound', async () => {
    const deaf = await startAnother();
    await deaf.nest.get(RevocationHints).close();
    const delays = await delaysOf(DEAF_ROUNDS, deaf);
    tellDelays(`Refused elsewhere, ${store}, without hints`, delays);
    expect(Math.max(...delays)).toBeLessThan(BOUND_MS);
  }, 180_000);

  it('is hinted at by what ends a session, and never by a login, a refresh or a use', async () => {
    const send = jest.spyOn(here.nest.get(RevocationHints), 'send');
    const { near } = await loggedIn();
    await near.refresh();
    await near.standing();
    await here.nest.get(SessionsService, { strict: false }).endOlder((await near.me()).body.user['id'], 0);
    expect(send).not.toHaveBeenCalled();
    await near.logout();
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('shares its hint with the others of a burst', async () => {
    const sessions: { near: Client; far: Client }[] = [];
    while (sessions.length < 20) sessions.push(await loggedIn());
    let release = (): void => undefined;
    const send = jest
      .spyOn(here.nest.get(RevocationHints), 'send')
      .mockReturnValueOnce(new Promise((resolve) => (release = resolve)));
    await Promise.all(sessions.map(({ near }) => near.logout()));
    expect(send).toHaveBeenCalledTimes(1);
    release();
    await eventually(async () => send.mock.calls.length > 1);
    await Promise.all(sessions.map(({ far }) => untilOut(far, 'session_revoked')));
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('stands when nobody could be told of it', async () => {
    jest.spyOn(here.nest.get(RevocationHints), 'send').mockRejectedValue(new UnavailableError('The store'));
    const { near, far } = await loggedIn();
    expect((await near.logout()).status).toBe(204);
    expect(await untilOut(far, 'session_revoked')).toBeLessThan(BOUND_MS);
  });

  it('is known to an instance that starts after it from its first request on', async () => {
    const before = await startAnother();
    const { near, far } = await loggedIn(before);
    expect(await far.standing()).toBe('let in');
    await close(before);
    await near.logout();
    const after = await startAnother();
    expect((await ada.other(after.url).send('GET', '/health/ready')).status).toBe(200);
    const find = jest.spyOn(after.nest.get(SessionStore), 'find');
    expect(await far.copy(after.url).standing()).toBe('session_revoked');
    expect(find).not.toHaveBeenCalled();
  });

  it('keeps an instance from being ready that could not learn of it, and each request asks the store', async () => {
    const prototype = Object.getPrototypeOf(here.nest.get(SessionStore));
    const pulls = jest.spyOn(prototype, 'endedSince').mockRejectedValue(new UnavailableError('The store'));
    const late = await startAnother();
    const { near, far } = await loggedIn(late);
    expect((await far.send('GET', '/health/ready')).status).toBe(503);
    expect(await far.standing()).toBe('let in');
    await near.logout();
    expect(await far.standing()).toBe('session_revoked');
    pulls.mockRestore();
    await eventually(async () => (await far.send('GET', '/health/ready')).status === 200);
  });

  it('is asked for on each request by an instance whose clock differs from the store’s, which is not ready', async () => {
    const skewed = await startAnother();
    const { near, far } = await loggedIn(skewed);
    const clock = skewed.nest.get<MovedClock>(Clock, { strict: false });
    const find = jest.spyOn(skewed.nest.get(SessionStore), 'find');
    clock.offsetMs = 2_000;
    await eventually(async () => (await far.send('GET', '/health/ready')).status === 503);
    await eventually(async () => !skewed.nest.get(RevocationFeed).isHealthy);
    expect(await far.standing()).toBe('let in');
    expect(find).toHaveBeenCalledTimes(1);
    await near.logout();
    expect(await far.standing()).toBe('session_revoked');
    clock.offsetMs = 0;
    await eventually(async () => (await far.send('GET', '/health/ready')).status === 200);
  });

  it('costs the other requests nothing: while the feed is healthy none of them asks the store', async () => {
    const { far } = await loggedIn();
    // Its first use is written down, once a minute at most.
    expect(await far.standing()).toBe('let in');
    const asked = countQuestions(there, store);
    for (let request = 0; request < 20; request += 1) expect(await far.standing()).toBe('let in');
    expect(asked()).toBe(0);
  });

  it('is asked for on each request while the feed is not healthy, and without an answer the request is refused', async () => {
    const { near, far } = await loggedIn();
    const sessions = there.nest.get(SessionStore);
    jest.spyOn(sessions, 'endedSince').mockRejectedValue(new UnavailableError('The store'));
    await eventually(async () => !there.nest.get(RevocationFeed).isHealthy);
    const find = jest.spyOn(sessions, 'find');
    for (let request = 1; request <= 20; request += 1) {
      expect(await far.standing()).toBe('let in');
      expect(find).toHaveBeenCalledTimes(request);
    }
    await near.logout();
    expect(await far.standing()).toBe('session_revoked');
    const { far: other } = await loggedIn();
    find.mockRejectedValue(new UnavailableError('The store'));
    expect(await other.standing()).toBe('service_unavailable');
  });

  it('by a command is hinted at before the command is over', async () => {
    const eve = await new Client(here.url).join();
    const far = eve.copy(there.url);
    const command = await startAnother();
    const send = jest.spyOn(command.nest.get(RevocationHints), 'send');
    const userId = (await eve.me()).body.user['id'];
    const sessions = command.nest.get(SessionsService, { strict: false });
    expect(await sessions.endOthers(userId, null, 'user_changed')).toBe(1);
    await close(command);
    expect(send).toHaveBeenCalledTimes(1);
    await expect(send.mock.results[0]!.value).resolves.toBeUndefined();
    expect(await untilOut(far, 'session_revoked')).toBeLessThan(BOUND_MS);
  });
});

/** Counts what is asked of the stores from now on, but for the pulls. */
function countQuestions({ nest }: TestApp, store: string): () => number {
  const pulls = jest.spyOn(nest.get(SessionStore), 'endedSince');
  const userPulls = jest.spyOn(nest.get(UserStore), 'changedSince');
  const statements = jest.spyOn(nest.get(Statements), 'run');
  const commands = store === 'redis' ? jest.spyOn(nest.get(RedisConnection, { strict: false }), 'send') : null;
  return () => {
    const all = statements.mock.calls.length + (commands?.mock.calls.length ?? 0);
    return all - pulls.mock.calls.length - userPulls.mock.calls.length;
  };
}
