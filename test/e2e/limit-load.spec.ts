import { Client } from '../support/client.js';
import { from, newSource, onDevice, WRONG } from '../support/sources.js';
import { startApp, type TestApp } from '../support/test-app.js';

describe('twelve strangers who try passwords without a pause, each from many networks,', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ RATE_LIMITS: 'on', TRUST_PROXY: 'loopback', SESSION_MAX_PER_USER: '100' });
  });
  afterAll(() => app.close());

  it('keep no known device from logging in (R2.10, R4.2)', async () => {
    const ada = await from(newSource(), new Client(app.url, 'cookie')).join();
    let over = false;
    let tries = 0;
    const stranger = async (): Promise<void> => {
      while (!over) {
        await from(newSource(), new Client(app.url)).login(WRONG);
        tries += 1;
      }
    };
    const strangers = Array.from({ length: 12 }, stranger);
    const statuses = [];
    for (let i = 0; i < 25; i += 1) {
      statuses.push((await onDevice(newSource(), ada, `device=${ada.held.cookies.device}`).login()).status);
    }
    over = true;
    await Promise.all(strangers);
    expect(statuses).toEqual(statuses.map(() => 200));
    expect(tries).toBeGreaterThan(25);
  }, 60_000);
});
