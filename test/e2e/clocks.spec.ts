import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../../src/core/clock.js';
import { RevocationPoller } from '../../src/revocations/revocation.poller.js';
import { Client } from '../support/client.js';
import type { MovedClock } from '../support/moved-clock.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { SHARED_STORES } from '../support/shared-stores.js';
import { startApp, type TestApp } from '../support/test-app.js';
import { testLog } from '../support/test-log.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ROUNDS = 5;

describe.each(SHARED_STORES)('two instances on $store, of which one has a wrong wall clock,', ({ store }) => {
  describe.each(['session', 'jwt'])('in %s mode', (mode) => {
    const settings = {
      AUTH_MODE: mode,
      SESSION_STORE: store,
      SESSION_MAX_PER_USER: '100',
      OAUTH_CLIENTS_FILE: ordersClientsFile(),
    };
    let here: TestApp;
    let there: TestApp;
    let clock: MovedClock;

    beforeAll(async () => {
      here = await startApp(settings);
      there = await startApp(settings, { shared: true });
      clock = there.nest.get<MovedClock>(Clock, { strict: false });
    });
    afterAll(async () => {
      await there.close();
      await here.close();
    });

    const isActive = async ({ held }: Client, at: TestApp): Promise<boolean> => {
      const authorization = `Basic ${Buffer.from(`${ORDERS.id}:${ORDERS.secret}`).toString('base64')}`;
      const body = new URLSearchParams({ token: held.accessToken! });
      const answer = await fetch(`${at.url}/oauth/introspect`, { method: 'POST', body, headers: { authorization } });
      return JSON.parse(await answer.text()).active;
    };

    /** Everything a client does, at the instance `at`, and then at the other one with what it was given there. */
    const goesOn = async (ada: Client, at: TestApp, other: TestApp): Promise<void> => {
      const near = ada.other(at.url);
      const login = await near.login();
      expect([login.status, login.body.expiresIn]).toEqual([200, mode === 'jwt' ? 300 : 1800]);
      expect(await near.copy(other.url).standing()).toBe('let in');
      expect(await near.standing()).toBe('let in');
      for (const app of [at, other]) expect(await isActive(near, app)).toBe(true);
      const far = near.copy(other.url);
      const refresh = await far.refresh();
      expect([refresh.status, refresh.body.expiresIn]).toEqual([200, mode === 'jwt' ? 300 : 1800]);
      const back = far.copy(at.url);
      expect(await back.standing()).toBe('let in');
      expect((await back.logout()).status).toBe(204);
      expect(await back.standing()).toBe('session_revoked');
      expect((await back.send('GET', '/health/ready')).body).toEqual({ status: 'ok' });
    };

    it('start with it and are ready, and the log says which clock is wrong, once', async () => {
      const warnings = jest.spyOn(testLog, 'warn');
      const ada = await new Client(here.url).join();
      const wrong = await startApp(settings, { shared: true, wallOffsetMs: -HOUR });
      await goesOn(ada, wrong, here);
      await goesOn(ada, here, wrong);
      await wrong.close();
      const told = warnings.mock.calls.filter(([message]) => message.wallClock === 'wrong');
      expect(told).toEqual([[{ wallClock: 'wrong', aheadMs: expect.any(Number) }, 'revocations']]);
      expect(told[0]![0].aheadMs / HOUR).toBeCloseTo(-1);
      warnings.mockRestore();
    });

    it.each([HOUR, -HOUR, 10 * MINUTE])('notice nothing of a jump by %i ms, from its first moment on', async (ms) => {
      const ada = await new Client(here.url).join();
      for (const jump of [ms, -ms]) {
        clock.jump(jump);
        for (let round = 0; round < ROUNDS; round += 1) {
          expect(await ada.copy(there.url).standing()).toBe('let in');
          await goesOn(ada, here, there);
          await goesOn(ada, there, here);
        }
        // The readings of the store that follow the jump.
        await pause(600);
        expect(await ada.copy(there.url).standing()).toBe('let in');
        await goesOn(ada, there, here);
      }
    });

    it.each([HOUR, -HOUR])('let nobody in for longer, or less long, when that clock is off by %i ms', async (ms) => {
      const ada = await new Client(here.url).join();
      clock.jump(ms);
      const far = ada.copy(there.url);
      const move = async (by: number): Promise<void> => {
        clock.advance(by);
        await here.advance(by);
        // The first reading may have been under way while the store's clock was moved.
        for (let time = 0; time < 2; time += 1) await there.nest.get(RevocationPoller).poll();
      };
      await move(4 * MINUTE);
      expect(await far.standing()).toBe('let in');
      await move(MINUTE + 1000);
      expect(await far.standing()).toBe(mode === 'jwt' ? 'token_expired' : 'let in');
      await move(31 * MINUTE);
      expect(await far.standing()).toBe('session_expired');
      clock.jump(-ms);
    });
  });
});
