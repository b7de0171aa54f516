import { Client, PASSWORD, type Reply } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { startApp, type TestApp } from '../support/test-app.js';

const NEXT = 'marker difference engines hum';

describe.each(['session', 'jwt'])('in %s mode, with a database whose answers come 1.5 s late', (mode) => {
  let proxy: FaultProxy;
  let app: TestApp;
  let ada: Client;

  beforeAll(async () => {
    proxy = await FaultProxy.to(process.env.TEST_WORKER_DATABASE_URL!);
    app = await startApp({ AUTH_MODE: mode, DATABASE_URL: proxy.url });
    ada = await new Client(app.url).join();
  });
  afterAll(async () => {
    proxy.delay(0);
    await app.close();
    await proxy.close();
  });

  /** An answer, and how long it took (ms). */
  async function timed(request: () => Promise<Reply>): Promise<[status: number, ms: number]> {
    const from = performance.now();
    const { status } = await request();
    return [status, performance.now() - from];
  }

  it('every request is answered within 3.2 s, with a 503 when it would take longer, and an act that takes longer is done whole or not at all (L4)', async () => {
    proxy.delay(1500);
    const answers = await Promise.all([
      timed(() => ada.copy().changePassword(PASSWORD, NEXT)),
      timed(() => ada.other().login()),
      timed(() => ada.as('GET', '/users')),
      timed(() => new Client(app.url).register()),
    ]);
    for (const [status, ms] of answers) {
      expect([200, 201, 503]).toContain(status);
      expect(ms).toBeLessThan(3200);
    }
    expect(answers[0]![0]).toBe(503);
    proxy.delay(0);
    // The act went on when it was answered, and more could not be said of it: the database may have refused it a connection.
    const works = async (password: string): Promise<boolean> => (await ada.other().login(password)).status === 200;
    await eventually(async () => (await works(NEXT)) !== (await works(PASSWORD)), 10_000);
  });
});
