import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { OwnedDatabase } from '../support/owned-database.js';
import { startApp, type TestApp } from '../support/test-app.js';

describe.each(['session', 'jwt'])('a database that refuses the service in %s mode', (mode) => {
  let database: OwnedDatabase;
  let app: TestApp;
  let ada: Client;

  beforeAll(async () => {
    database = await OwnedDatabase.make();
    app = await startApp({ AUTH_MODE: mode, SESSION_STORE: 'postgres', DATABASE_URL: database.url });
    ada = await new Client(app.url, 'bearer').join();
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const ready = () => ada.send('GET', '/health/ready');

  const refusals = [
    {
      what: 'the password',
      harm: () => database.setPassword('s3cret'),
      mend: () => database.restorePassword(),
      detail: 'The database refuses the user or the password of this service.',
    },
    {
      what: 'a right',
      harm: () => database.admin(`REVOKE UPDATE ON sallyport.sessions FROM ${database.name}`),
      mend: () => database.admin(`GRANT UPDATE ON sallyport.sessions TO ${database.name}`),
      detail: 'The database denies this service a right that it needs.',
    },
    {
      what: 'to keep what is told of an act',
      harm: () => database.admin(`REVOKE INSERT ON sallyport.audit_events FROM ${database.name}`),
      mend: () => database.admin(`GRANT INSERT ON sallyport.audit_events TO ${database.name}`),
      detail: 'The database denies this service a right that it needs.',
    },
    {
      what: 'every writing',
      harm: async () => {
        await database.admin(`ALTER ROLE ${database.name} SET default_transaction_read_only = on`);
        await database.disconnect();
      },
      mend: async () => {
        await database.admin(`ALTER ROLE ${database.name} RESET default_transaction_read_only`);
        await database.disconnect();
      },
      detail: 'The database is read-only.',
    },
  ];

  it.each(refusals)(
    'answers 503 when it refuses $what, says why where readiness is asked, and goes on by itself (R13.2)',
    async ({ harm, mend, detail }) => {
      await harm();
      for (const { status, headers } of [await ada.refresh(), await ada.other().login(), await ready()]) {
        expect(status).toBe(503);
        expect(headers.get('retry-after')).toBe('1');
      }
      const { body } = await ready();
      expect(body).toMatchObject({ code: 'service_unavailable', detail });
      expect((await ada.send('GET', '/health/live')).status).toBe(200);
      await mend();
      await eventually(async () => (await ready()).status === 200, 5000);
      expect((await ada.refresh()).status).toBe(200);
      expect((await ada.me()).status).toBe(200);
    },
  );
});
