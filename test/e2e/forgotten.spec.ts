import pg from 'pg';
import { createClient } from 'redis';
import { withApp } from '../../src/cli/with-app.js';
import { Clock } from '../../src/core/clock.js';
import { RevocationPoller } from '../../src/revocations/revocation.poller.js';
import { Client, expectOut, PASSWORD, untilOut } from '../support/client.js';
import { type MovedClock, REDIS_OFFSET } from '../support/moved-clock.js';
import { SHARED_STORES } from '../support/shared-stores.js';
import { configOf, startApp, type TestApp } from '../support/test-app.js';
import { setStatus } from '../support/user-command.js';

const BOUND_MS = 1000;
const NEXT_PASSWORD = 'marker difference engines hum';
const OFFSET_KEY = `sallyport:${REDIS_OFFSET}`;
const redis = SHARED_STORES.filter(({ store }) => store === 'redis');

/** What Redis knew of the session is gone; the access tokens that name it are signed, and still in somebody's hands. */
if (redis.length > 0)
  describe.each(redis)('a session in jwt mode that $store has forgotten', ({ url }) => {
    const settings = { AUTH_MODE: 'jwt', SESSION_STORE: 'redis' };
    let here: TestApp;
    let there: TestApp;

    beforeAll(async () => {
      here = await startApp(settings);
      there = await startApp(settings, { shared: true });
    });
    afterAll(async () => {
      await there.close();
      await here.close();
    });

    /** Everything but how far a test has moved Redis's clock. */
    const forget = async (): Promise<void> => {
      const client = await createClient({ url }).connect();
      const offset = (await client.get(OFFSET_KEY)) ?? '0';
      await client.multi().flushDb().set(OFFSET_KEY, offset).exec();
      await client.close();
    };
    /** So that the sessions of before are clearly older than what comes now. */
    const later = async (): Promise<void> => {
      there.nest.get<MovedClock>(Clock, { strict: false }).advance(12_000);
      await here.advance(12_000);
      for (let time = 0; time < 2; time += 1) await there.nest.get(RevocationPoller).poll();
    };

    it('cannot be refreshed, and its access token is over at once on the instance that logs it out', async () => {
      const ada = await new Client(here.url).join();
      await forget();
      expect((await ada.copy().refresh()).code).toBe('token_invalid');
      const stolen = ada.copy();
      expect((await ada.logout()).status).toBe(204);
      expect(await stolen.standing()).toBe('session_revoked');
    });

    it('is over on every instance when its user sets a new password, whose own session goes on', async () => {
      const ada = await new Client(here.url).join();
      const phone = ada.other();
      await phone.login();
      await later();
      await forget();
      const [stolen, elsewhere] = [phone.copy(), phone.copy(there.url)];
      expect(await stolen.standing()).toBe('let in');
      expect(await elsewhere.standing()).toBe('let in');
      expect((await ada.changePassword(PASSWORD, NEXT_PASSWORD)).status).toBe(200);
      expect(await stolen.standing()).toBe('session_revoked');
      expect(await untilOut(elsewhere, 'session_revoked')).toBeLessThan(BOUND_MS);
      for (const { url: at } of [here, there]) expect(await ada.copy(at).standing()).toBe('let in');
      const again = ada.other(there.url);
      expect((await again.login(NEXT_PASSWORD)).status).toBe(200);
      for (const { url: at } of [here, there]) expect(await again.copy(at).standing()).toBe('let in');
    });
  });

if (redis.length > 0)
  describe('a change of a user that Redis was not told of, because the command knew of no Redis', () => {
    it.each(['session', 'jwt'])('reaches the instance that starts an hour later, in %s mode', async (mode) => {
      const settings = { AUTH_MODE: mode, SESSION_STORE: 'redis' };
      const before = await startApp(settings);
      const ada = await new Client(before.url).join();
      await before.close();
      const service = configOf({ AUTH_MODE: mode, SESSION_STORE: 'postgres' });
      await withApp(service, (app) => setStatus(app, ada.email, 'disabled'));
      await anHourLater();
      const after = await startApp(settings, { shared: true });
      await expectOut(ada.copy(after.url), 'session_revoked');
      expect((await ada.copy(after.url).refresh()).code).toBe('session_revoked');
      await after.close();
    });
  });

/** No access token lives for so long; a session may. */
async function anHourLater(): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_WORKER_DATABASE_URL });
  await client.connect();
  await client.query(`UPDATE sallyport.users SET epoch_moved_at = epoch_moved_at - interval '1 hour'`);
  await client.end();
}
