import { readFileSync, writeFileSync } from 'node:fs';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { startApp, type TestApp } from '../support/test-app.js';

describe('the clients file', () => {
  const path = ordersClientsFile();
  const good = readFileSync(path, 'utf8');
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp({ OAUTH_CLIENTS_FILE: path });
  });
  afterAll(() => app.close());

  const readiness = async (): Promise<string> =>
    (await new Client(app.url).send('GET', '/health/ready')).body['status'];
  const ask = async (): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${ORDERS.id}:${ORDERS.secret}`).toString('base64')}`;
    const body = new URLSearchParams({ token: 'anything' });
    return (await fetch(`${app.url}/oauth/introspect`, { method: 'POST', body, headers: { authorization } })).status;
  };

  it('is read again when it changes: a client that was removed may not ask any more', async () => {
    expect(await ask()).toBe(200);
    writeFileSync(path, '[]');
    await eventually(async () => (await ask()) === 401);
    writeFileSync(path, good);
    await eventually(async () => (await ask()) === 200);
  });

  it('goes on as it was when it cannot be used, and readiness says degraded until it is mended', async () => {
    writeFileSync(path, good.slice(0, -1));
    await eventually(async () => (await readiness()) === 'degraded');
    expect(await ask()).toBe(200);
    writeFileSync(path, good);
    await eventually(async () => (await readiness()) === 'ok');
  });
});
