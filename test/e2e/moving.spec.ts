import type { AuthMode, Transport } from '../../src/core/credential.js';
import { SessionStore } from '../../src/sessions/session.store.js';
import { Client, expectIn, expectOut } from '../support/client.js';
import { startApp, type TestApp } from '../support/test-app.js';

const stores = process.env.TEST_REDIS_URL ? ['postgres', 'redis'] : ['postgres'];

describe.each(stores)('a deployment on %s that moves from one mode to the other', (store) => {
  let app: TestApp;
  let shared = false;
  const restart = async (mode: AuthMode, accept: string): Promise<TestApp> => {
    await app?.close();
    app = await startApp({ AUTH_MODE: mode, AUTH_ACCEPT: accept, SESSION_STORE: store }, { shared });
    shared = true;
    return app;
  };
  afterAll(() => app.close());

  it.each([
    ['session', 'jwt', 'bearer'],
    ['session', 'jwt', 'cookie'],
    ['jwt', 'session', 'bearer'],
    ['jwt', 'session', 'cookie'],
  ] as [AuthMode, AuthMode, Transport][])(
    'from %s to %s logs nobody out who carries a %s',
    async (from, to, transport) => {
      await restart(from, from);
      const before = await new Client(app.url, transport).join();
      const id = await before.sessionId();

      await restart(to, 'session,jwt');
      const ada = before.copy(app.url);
      expect((await ada.me()).body).toMatchObject({ session: { id, mode: from } });

      const tab = ada.copy();
      const moved = await ada.refresh();
      expect(moved.body.session).toMatchObject({ id, mode: to, transport });
      expect((await ada.me()).body).toMatchObject({ session: { id, mode: to } });
      // Another tab that was a moment later is moved to the very same credential.
      expect((await tab.refresh()).status).toBe(200);
      const lasting = ({ held }: Client) =>
        held.refreshToken ?? held.cookies.rt ?? held.cookies.sid ?? held.accessToken;
      expect(lasting(tab)).toBe(lasting(ada));
      expect(Object.keys(ada.held.cookies).sort()).toEqual(
        transport === 'bearer' ? [] : to === 'jwt' ? ['at', 'rt'] : ['sid'],
      );

      await restart(to, to);
      const after = ada.copy(app.url);
      await expectIn(after);
      expect((await after.refresh()).status).toBe(200);
      expect(await after.sessionId()).toBe(id);
    },
  );

  it.each([
    ['session', 'jwt'],
    ['jwt', 'session'],
  ] as [AuthMode, AuthMode][])('from %s to %s is done when the gauge of the old mode is at zero', async (from, to) => {
    shared = false;
    await restart(from, from);
    const gauge = () => app.nest.get(SessionStore, { strict: false }).countByMode();
    const before: Client[] = [];
    for (const transport of ['bearer', 'cookie', 'bearer', 'cookie'] as const)
      before.push(await new Client(app.url, transport).join());

    await restart(to, 'session,jwt');
    const movers = before.map((client) => client.copy(app.url));
    for (const [count, client] of movers.entries()) {
      expect(await gauge()).toEqual({ [from]: movers.length - count, [to]: count });
      await expectIn(client);
      expect((await client.refresh()).status).toBe(200);
    }
    expect(await gauge()).toEqual({ [from]: 0, [to]: movers.length });

    await restart(to, to);
    for (const client of movers) await expectIn(client.copy(app.url));
  });

  it('answers 503 for what another instance issues and this one does not accept, until it does', async () => {
    shared = false;
    await restart('session', 'session');
    const settings = { AUTH_MODE: 'jwt', AUTH_ACCEPT: 'session,jwt', SESSION_STORE: store };
    const ahead = await startApp(settings, { shared: true });
    const ada = await new Client(app.url).join();
    const [moved, tab] = [ada.copy(ahead.url), ada.copy()];
    expect((await moved.refresh()).body.session).toMatchObject({ mode: 'jwt' });
    // The successor of its token is a refresh token, which this instance could not take back.
    expect((await tab.refresh()).code).toBe('service_unavailable');
    await restart('session', 'session,jwt');
    const retry = tab.copy(app.url);
    expect((await retry.refresh()).status).toBe(200);
    expect(retry.held.refreshToken).toBe(moved.held.refreshToken);
    await expectIn(retry);
    await expectIn(retry.copy(ahead.url));
    await ahead.close();
  });

  it('refuses the credentials of a mode that is not accepted', async () => {
    await restart('session', 'session');
    const before = await new Client(app.url).join();
    await restart('jwt', 'jwt');
    const ada = before.copy(app.url);
    await expectOut(ada, 'token_invalid');
    expect((await ada.refresh()).code).toBe('token_invalid');
  });
});
