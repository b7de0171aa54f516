import { Client } from '../support/client.js';
import { from, newSource } from '../support/sources.js';
import { StatementCounter } from '../support/statement-counter.js';
import { auditTrail } from '../support/test-log.js';
import { startApp, type TestApp } from '../support/test-app.js';

describe.each(['session', 'jwt'])('forty refreshes at once with one credential, in %s mode,', (mode) => {
  let app: TestApp;
  let counter: StatementCounter;
  beforeAll(async () => {
    counter = await StatementCounter.to(process.env.TEST_WORKER_DATABASE_URL!);
    app = await startApp({ AUTH_MODE: mode, RATE_LIMITS: 'on', TRUST_PROXY: 'loopback', DATABASE_URL: counter.url });
  });
  afterAll(async () => {
    await app.close();
    await counter.close();
  });

  const sent = (): number => counter.countOf('token_rotate') + counter.countOf('user_find');

  it('send few statements to the database and are all handed the same successor', async () => {
    for (let round = 0; round < 10; round += 1) {
      const ada = await from(newSource(), new Client(app.url)).join();
      const tabs = Array.from({ length: 40 }, () => ada.copy());
      const before = sent();
      const replies = await Promise.all(tabs.map((tab) => tab.refresh()));
      expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
      expect(new Set(tabs.map(({ held }) => held.refreshToken ?? held.accessToken)).size).toBe(1);
      // Those who arrive while a statement is under way share the next one; forty do not arrive in one moment.
      expect(sent() - before).toBeLessThan(40);
    }
  });

  it('tell the audit trail once when the credential was stolen, and refuse all forty', async () => {
    const ada = await from(newSource(), new Client(app.url)).join();
    const tabs = Array.from({ length: 40 }, () => ada.copy());
    await ada.refresh();
    await app.advance(11_000);
    const lines = auditTrail();
    const codes = await Promise.all(tabs.map(async (tab) => (await tab.refresh()).code));
    expect(new Set(codes)).toEqual(new Set(['token_reused', 'session_revoked']));
    // The theft, and that somebody goes on refreshing what is over.
    expect(lines().map(({ event }) => event)).toEqual(['authn_token_reuse', 'authn_token_refresh_fail']);
  });
});
