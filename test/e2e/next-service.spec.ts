import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OrdersModule } from '../../examples/orders/src/orders.module.js';
import { Client } from '../support/client.js';
import { closedPort } from '../support/closed-port.js';
import { eventually } from '../support/eventually.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { startApp, type TestApp } from '../support/test-app.js';
import { testLog } from '../support/test-log.js';
import { grantRole } from '../support/user-command.js';

/** What the documentation promises of the guard in another service: a pull inside the backend, and the way to it. */
const BOUND_MS = 1500;

describe.each(['session', 'jwt'])('the orders service behind Sallyport in %s mode', (mode) => {
  let backend: TestApp;
  let orders: INestApplication;
  let ordersUrl: string;

  beforeAll(async () => {
    const port = await closedPort();
    const issuer = `http://127.0.0.1:${port}`;
    backend = await startApp({
      AUTH_MODE: mode,
      OAUTH_CLIENTS_FILE: ordersClientsFile(),
      JWT_ISSUER: issuer,
      PORT: String(port),
    });
    const client = { CLIENT_ID: ORDERS.id, CLIENT_SECRET: ORDERS.secret };
    Object.assign(process.env, { ISSUER: issuer, AUDIENCE: 'sallyport', ...client });
    orders = await NestFactory.create(OrdersModule, { logger: testLog });
    await orders.listen(0, '127.0.0.1');
    ordersUrl = (await orders.getUrl()).replace('[::1]', '127.0.0.1');
    await eventually(async () => ((await ask('/health')).body as { feed: string }).feed === 'following');
  });
  afterAll(async () => {
    await orders.close();
    await backend.close();
  });

  async function ask(path: string, client?: Client): Promise<{ status: number; body: { code?: string } }> {
    const response = await fetch(ordersUrl + path, { headers: client?.credential() ?? {} });
    return { status: response.status, body: JSON.parse(await response.text()) };
  }

  it('lets in whoever is logged in at Sallyport, and nobody else', async () => {
    const ada = await new Client(backend.url).join();
    expect(await ask('/orders', ada)).toMatchObject({ status: 200, body: [{ item: 'A welcome basket' }] });
    expect((await ask('/orders')).body.code).toBe('credentials_missing');
    const junk = ada.other();
    junk.held.accessToken = 'junk';
    expect((await ask('/orders', junk)).body.code).toBe('token_invalid');
  });

  it('knows the roles', async () => {
    const ada = await new Client(backend.url).join();
    expect((await ask('/orders/all', ada)).body.code).toBe('forbidden');
    await grantRole(backend.nest, ada.email, 'admin');
    await ada.login();
    expect((await ask('/orders/all', ada)).status).toBe(200);
  });

  it('refuses within the bound what was ended at Sallyport, and never takes it again', async () => {
    for (let round = 0; round < 10; round += 1) {
      const ada = await new Client(backend.url).join();
      const held = ada.copy();
      expect((await ask('/orders', held)).status).toBe(200);
      await ada.logout();
      const delay = await eventually(async () => (await ask('/orders', held)).status === 401, 2 * BOUND_MS);
      expect(delay).toBeLessThan(BOUND_MS);
      expect((await ask('/orders', held)).status).toBe(401);
    }
  });
});
