import { AuditTrail } from '../../src/audit/audit-trail.js';
import { withApp } from '../../src/cli/with-app.js';
import { UnavailableError } from '../../src/core/app-error.js';
import { Clock } from '../../src/core/clock.js';
import { EndedLately } from '../../src/sessions/ended-lately.js';
import { RevocationHints } from '../../src/sessions/revocation-hints.js';
import { SessionStore } from '../../src/sessions/session.store.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import type { Statements } from '../../src/storage/postgres/statements.js';
import type { RedisConnection } from '../../src/storage/redis/redis-connection.js';
import { UserStore } from '../../src/users/user.store.js';
import { Client, untilOut } from '../support/client.js';
import { tellDelays } from '../support/delays.js';
import { eventually } from '../support/eventually.js';
import { FaultProxy } from '../support/fault-proxy.js';
import type { MovedClock } from '../support/moved-clock.js';
import { SHARED_STORES } from '../support/shared-stores.js';
import { configOf, startApp, type TestApp } from '../support/test-app.js';
import { grantRole } from '../support/user-command.js';

/** What the documentation promises, whatever fails. */
const BOUND_MS = 1000;
const ROUNDS = 100;
/** Each of these waits for a pull. */
const DEAF_ROUNDS = 20;

describe.each(SHARED_STORES)('a revocation in jwt mode, on $store', ({ store, variable, url, words }) => {
  const settings = { AUTH_MODE: 'jwt', SESSION_STORE: store, SESSION_MAX_PER_USER: '50' };
  const running: TestApp[] = [];
  /** Between another instance, or a command, and the store. */
  let link: FaultProxy;
  let here: TestApp;
  let there: TestApp;
  let ada: Client;

  beforeAll(async () => {
    link = await FaultProxy.to(url);
    running.push((here = await startApp(settings)));
    there = await startAnother();
    ada = await new Client(here.url).join();
  });
  afterEach(() => {
    link.mend();
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    for (const app of running.splice(0)) await app.close();
    await link.close();
  });

  const startAnother = async (more = {}): Promise<TestApp> => {
    const app = await startApp({ ...settings, ...more }, { shared: true });
    running.push(app);
    return app;
  };
  const startBehindLink = (): Promise<TestApp> => startAnother({ [variable]: link.url });
  const close = async (app: TestApp): Promise<void> => {
    running.splice(running.indexOf(app), 1);
    await app.close();
  };

  /** The user logged in once more, as the one instance and as the other see it. */
  const loggedIn = async (far = there, at = here): Promise<{ near: Client; far: Client }> => {
    const near = ada.other(at.url);
    expect((await near.login()).status).toBe(200);
    return { near, far: near.copy(far.url) };
  };

  /** Ends a session that the other instance lets in. `delay` is how long after the answer that instance still did so (ms). */
  const ended = async (other: TestApp): Promise<{ delay: Promise<number> }> => {
    const { near, far } = await loggedIn(other);
    expect(await far.standing()).toBe('let in');
    expect((await near.logout()).status).toBe(204);
    return { delay: untilOut(far, 'session_revoked') };
  };

  it('reaches the other instance by a hint, within the bound', async () => {
    const pulls = jest.spyOn(there.nest.get(SessionStore), 'endedSince');
    const delays: number[] = [];
    while (delays.length < ROUNDS) delays.push(await (await ended(there)).delay);
    tellDelays(`Refused elsewhere, ${store}, with hints`, delays);
    expect(Math.max(...delays)).toBeLessThan(BOUND_MS);
    // One for each of them, beside those that would have been made anyway.
    expect(pulls.mock.calls.length).toBeGreaterThanOrEqual(ROUNDS);
  }, 120_000);

  it('reaches an instance that hears no hint within the same bound', async () => {
    link.cutWhoSays(words.listen);
    const deaf = await startBehindLink();
    // One after the other, and none waits for the one before: they fall on any moment between two pulls.
    const waiting: Promise<number>[] = [];
    while (waiting.length < DEAF_ROUNDS) waiting.push((await ended(deaf)).delay);
    const delays = await Promise.all(waiting);
    tellDelays(`Refused elsewhere, ${store}, without hints`, delays);
    expect(Math.max(...delays)).toBeLessThan(BOUND_MS);
    await close(deaf);
  }, 180_000);

  it('is hinted at by what ends a session, and never by a login, a refresh or a use', async () => {
    const hinting = await startBehindLink();
    const hints = link.count(words.hint);
    const { near } = await loggedIn(there, hinting);
    await near.refresh();
    await near.standing();
    await hinting.nest.get(SessionsService, { strict: false }).endOlder((await near.me()).body.user['id'], 0, {});
    expect(hints()).toBe(0);
    await near.logout();
    await eventually(async () => hints() > 0);
    await close(hinting);
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
    const mute = await startBehindLink();
    const { near, far } = await loggedIn(there, mute);
    const hints = link.count(words.hint);
    link.cutWhoSays(words.hint);
    await eventually(async () => (await near.send('GET', '/health/ready')).status === 200);
    expect(await far.standing()).toBe('let in');
    expect((await near.logout()).status).toBe(204);
    expect(await untilOut(far, 'session_revoked')).toBeLessThan(BOUND_MS);
    expect(hints()).toBeGreaterThan(0);
    await close(mute);
  });

  it('is known to an instance that starts after it from its first request on', async () => {
    const before = await startAnother();
    const { near, far } = await loggedIn(before);
    expect(await far.standing()).toBe('let in');
    await close(before);
    await near.logout();
    const after = await startBehindLink();
    expect((await ada.other(after.url).send('GET', '/health/ready')).status).toBe(200);
    // From now on it can ask nobody.
    link.cut();
    expect(await far.copy(after.url).standing()).toBe('session_revoked');
    await close(after);
  });

  it('keeps an instance from being ready that could not learn of it, nor of the time: it judges no access token', async () => {
    const prototype = Object.getPrototypeOf(here.nest.get(SessionStore));
    const pulls = jest.spyOn(prototype, 'endedSince').mockRejectedValue(new UnavailableError('The store'));
    const late = await startAnother();
    const { near, far } = await loggedIn(late);
    expect((await far.send('GET', '/health/ready')).status).toBe(503);
    expect(await far.standing()).toBe('service_unavailable');
    expect((await far.logout()).status).toBe(503);
    pulls.mockRestore();
    await eventually(async () => (await far.send('GET', '/health/ready')).status === 200);
    expect(await far.standing()).toBe('let in');
    await near.logout();
    await untilOut(far, 'session_revoked');
  });

  it('is known within the bound to an instance whose wall clock jumps', async () => {
    const { near, far } = await loggedIn();
    const clock = there.nest.get<MovedClock>(Clock, { strict: false });
    clock.jump(3_600_000);
    expect(await far.standing()).toBe('let in');
    await near.logout();
    expect(await untilOut(far, 'session_revoked')).toBeLessThan(BOUND_MS);
    clock.jump(-3_600_000);
    expect(await far.standing()).toBe('session_revoked');
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
    await eventually(async () => !there.nest.get(EndedLately, { strict: false }).isUpToDate);
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
    const trail = here.nest.get(AuditTrail, { strict: false });
    for (let isByCommand = false; !isByCommand;) {
      const eve = await new Client(here.url).join();
      const far = eve.copy(there.url);
      expect(await far.standing()).toBe('let in');
      const userId = (await eve.me()).body.user['id'] as string;
      const hints = link.count(words.hint);
      await withApp(configOf({ ...settings, [variable]: link.url }), (app) => grantRole(app, eve.email, 'admin'));
      expect(await untilOut(far, 'session_revoked')).toBeLessThan(BOUND_MS);
      // An instance that read the change a moment sooner has ended the session and hinted at it: then the command had nothing to hint at.
      const told = await trail.list({ userId, sinceMs: 60_000, limit: 10 });
      isByCommand = told.some(({ event, actor }) => event === 'authn_token_revoked' && actor === 'command');
      if (isByCommand) expect(hints()).toBeGreaterThan(0);
    }
  });
});

/** Counts what is asked of the stores from now on, but for the pulls. */
function countQuestions({ nest }: TestApp, store: string): () => number {
  const pulls = jest.spyOn(nest.get(SessionStore), 'endedSince');
  const userPulls = jest.spyOn(nest.get(UserStore), 'changedSince');
  const statements = jest.spyOn(nest.get<unknown, { statements: Statements }>(UserStore).statements, 'run');
  const { redis } = nest.get<unknown, { redis: RedisConnection }>(SessionStore);
  const commands = store === 'redis' ? jest.spyOn(redis, 'send') : null;
  return () => {
    const all = statements.mock.calls.length + (commands?.mock.calls.length ?? 0);
    return all - pulls.mock.calls.length - userPulls.mock.calls.length;
  };
}
