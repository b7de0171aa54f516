import { Client, expectIn, expectOut, untilOut } from '../support/client.js';
import { startApp, type TestApp } from '../support/test-app.js';

/** What the documentation promises for access tokens; session tokens have no delay at all. */
const BOUND_MS = 1000;
const stores = process.env.TEST_REDIS_URL ? ['postgres', 'redis'] : ['postgres'];

describe.each(stores)('two instances on one %s', (store) => {
  describe.each(['session', 'jwt'])('in %s mode', (mode) => {
    let here: TestApp;
    let there: TestApp;

    beforeAll(async () => {
      here = await startApp({ AUTH_MODE: mode, SESSION_STORE: store });
      there = await startApp({ AUTH_MODE: mode, SESSION_STORE: store }, { shared: true });
    });
    afterAll(async () => {
      await here.close();
      await there.close();
    });

    it('accept each other’s credentials and refresh them', async () => {
      const ada = await new Client(here.url).join();
      const elsewhere = ada.copy(there.url);
      await expectIn(elsewhere);
      expect((await elsewhere.refresh()).status).toBe(200);
      expect((await ada.refresh()).status).toBe(200);
    });

    it('log users in by themselves, also when another one of the same process has come and gone', async () => {
      const ada = await new Client(here.url).join();
      const another = await startApp({ AUTH_MODE: mode, SESSION_STORE: store }, { shared: true });
      await another.close();
      expect((await ada.other().login()).status).toBe(200);
    });

    it('refuse at once what they ended themselves, and within the bound what the other did (R5.3)', async () => {
      const delays: number[] = [];
      for (let round = 0; round < 20; round += 1) {
        const ada = await new Client(here.url).join();
        const [near, far] = [ada.copy(), ada.copy(there.url)];
        await expectIn(far);
        expect((await ada.logout()).status).toBe(204);
        await expectOut(near, 'session_revoked');
        if (mode === 'session') expect(await far.standing()).toBe('session_revoked');
        else delays.push(await untilOut(far, 'session_revoked', 2 * BOUND_MS));
      }
      expect(Math.max(0, ...delays)).toBeLessThan(BOUND_MS);
    });

    it('hand out one successor between them when tabs refresh on both', async () => {
      const ada = await new Client(here.url).join();
      const tabs = Array.from({ length: 20 }, (_, i) => ada.copy(i % 2 ? here.url : there.url));
      const replies = await Promise.all(tabs.map((tab) => tab.refresh()));
      expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
      expect(new Set(tabs.map(({ held }) => held.refreshToken ?? held.accessToken)).size).toBe(1);
    });
  });
});
