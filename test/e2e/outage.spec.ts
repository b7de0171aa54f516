import { Client, untilOut } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { SHARED_STORES } from '../support/shared-stores.js';
import { startApp, type TestApp } from '../support/test-app.js';

describe.each(SHARED_STORES)('without $store', ({ store, variable, url }) => {
  describe.each(['session', 'jwt'])('in %s mode', (mode) => {
    let proxy: FaultProxy;
    let app: TestApp;
    let ada: Client;

    beforeAll(async () => {
      proxy = await FaultProxy.to(url);
      const settings = { AUTH_MODE: mode, SESSION_STORE: store, OAUTH_CLIENTS_FILE: ordersClientsFile() };
      app = await startApp({ ...settings, [variable]: proxy.url });
      ada = await new Client(app.url).join();
    });
    afterAll(async () => {
      proxy.mend();
      await app.close();
      await proxy.close();
    });

    const ready = async (): Promise<number> => (await ada.send('GET', '/health/ready')).status;

    it.each(['cut', 'swallow'] as const)(
      'answers 503 and never 401 while the link is %s, and goes on by itself afterwards (R13.2, L2, L3)',
      async (fault) => {
        proxy[fault]();
        expect(await ready()).toBe(503);
        const startedAt = performance.now();
        expect((await ada.refresh()).status).toBe(503);
        expect((await ada.other().login()).status).toBe(503);
        expect(performance.now() - startedAt).toBeLessThan(12_000);
        expect((await ada.copy().logout()).status).toBe(503);
        // What was learned of revocations is believed for one second; after that a signature alone opens nothing.
        await untilOut(ada, 'service_unavailable', 6000);
        expect((await ada.me()).status).toBe(503);
        expect((await ada.send('GET', '/health/live')).status).toBe(200);
        proxy.mend();
        await eventually(async () => (await ready()) === 200, 10_000);
        await eventually(async () => (await ada.me()).status === 200, 5000);
        expect(await ada.standing()).toBe('let in');
        expect((await ada.refresh()).status).toBe(200);
      },
      60_000,
    );

    it('tells another service neither that a token is live nor that it is not, but 503 (R9.3)', async () => {
      const introspect = async (): Promise<unknown[]> => {
        const response = await fetch(`${app.url}/oauth/introspect`, {
          method: 'POST',
          body: new URLSearchParams({ token: ada.held.accessToken! }),
          headers: { authorization: `Basic ${Buffer.from(`${ORDERS.id}:${ORDERS.secret}`).toString('base64')}` },
        });
        return [
          response.status,
          response.headers.get('retry-after'),
          (await response.text()).includes('"active":true'),
        ];
      };
      expect(await introspect()).toEqual([200, null, true]);
      proxy.cut();
      expect(await introspect()).toEqual([503, expect.stringMatching(/^\d+$/), false]);
      proxy.mend();
      await eventually(async () => (await introspect())[0] === 200, 10_000);
    });
  });
});
