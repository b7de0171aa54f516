import { setTimeout as pause } from 'node:timers/promises';
import { Client, untilOut } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { SHARED_STORES } from '../support/shared-stores.js';
import { startApp, type TestApp } from '../support/test-app.js';

/** What the documentation promises, whatever fails. */
const BOUND_MS = 1000;
const SESSIONS = 20;

/** The store and the hints of one instance are behind a link that fails; the other instance goes on revoking. */
describe.each(SHARED_STORES)('what is revoked while an instance has lost $store', ({ store, variable, url }) => {
  const settings = { AUTH_MODE: 'jwt', SESSION_STORE: store, SESSION_MAX_PER_USER: '100' };
  let proxy: FaultProxy;
  let here: TestApp;
  let there: TestApp;
  let ada: Client;

  beforeAll(async () => {
    here = await startApp(settings);
    proxy = await FaultProxy.to(url);
    there = await startApp({ ...settings, [variable]: proxy.url }, { shared: true });
    ada = await new Client(here.url).join();
  });
  afterAll(async () => {
    proxy.mend();
    await here.close();
    await there.close();
    await proxy.close();
  });

  const logIn = async (): Promise<Client[]> => {
    const clients = Array.from({ length: SESSIONS }, () => ada.other());
    for (const client of clients) expect((await client.login()).status).toBe(200);
    // Every one has been let in by the far instance, so that nothing but the revocation keeps it out.
    for (const client of clients) await eventually(async () => (await client.copy(there.url).standing()) === 'let in');
    return clients;
  };

  const revoke = async (clients: Client[]): Promise<void> => {
    for (const client of clients) expect((await client.copy().logout()).status).toBe(204);
  };

  /** Asks with every client for a while, and says how long after `since` the last one that was let in had asked. */
  const lastLetIn = async (clients: Client[], since: number, forMs: number): Promise<number> => {
    let last = -Infinity;
    await Promise.all(
      clients.map(async (client) => {
        const far = client.copy(there.url);
        while (performance.now() - since < forMs) {
          const askedAt = performance.now();
          const answer = await far.standing();
          if (answer === 'let in') last = Math.max(last, askedAt - since);
          else expect(['session_revoked', 'service_unavailable']).toContain(answer);
          await pause(10);
        }
        await untilOut(far, 'session_revoked');
      }),
    );
    return last;
  };

  it.each(['cut', 'swallow'] as const)(
    'is refused within the bound, also during a short while of %s links',
    async (fault) => {
      const clients = await logIn();
      proxy[fault]();
      await revoke(clients);
      const asking = lastLetIn(clients, performance.now(), 3 * BOUND_MS);
      await pause(BOUND_MS / 2);
      proxy.mend();
      const last = await asking;
      process.stdout.write(`Last let in, ${store}, links ${fault} for a while: ${last.toFixed(0)} ms after the end\n`);
      expect(last).toBeLessThan(BOUND_MS);
    },
    60_000,
  );

  it.each(['cut', 'swallow'] as const)(
    'is not let in once, from the moment the feed gave up, after a long while of %s links',
    async (fault) => {
      const clients = await logIn();
      proxy[fault]();
      const probe = clients[0]!.copy(there.url);
      await untilOut(probe, 'service_unavailable', 8000);
      await revoke(clients);
      proxy.mend();
      expect(await lastLetIn(clients, performance.now(), 2 * BOUND_MS)).toBe(-Infinity);
    },
    60_000,
  );
});
