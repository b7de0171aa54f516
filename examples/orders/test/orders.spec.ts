import { type AddressInfo } from 'node:net';
import { type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CLIENT, FakeBackend, ISSUED_FOR } from '../../../packages/verify/test/support/fake-backend.js';
import { until } from '../../../packages/verify/test/support/second-service.js';
import { OrdersModule } from '../src/orders.module.js';

interface Answer {
  status: number;
  body: unknown;
}

let backend: FakeBackend;
let app: INestApplication;

beforeAll(async () => {
  backend = await FakeBackend.start();
  const { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET } = CLIENT;
  Object.assign(process.env, { ISSUER: backend.issuer, AUDIENCE: ISSUED_FOR, CLIENT_ID, CLIENT_SECRET });
  app = await NestFactory.create(OrdersModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  await until(async () => (await feed()) === 'following');
});
afterAll(async () => {
  await app.close();
  await backend.close();
});

async function get(path: string, token?: string): Promise<Answer> {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  return { status: response.status, body: await response.json() };
}
const feed = async () => ((await get('/health')).body as { feed: string }).feed;

describe.each(['jwt', 'opaque'] as const)(
  'the orders service, for a login with a credential of the kind %s',
  (kind) => {
    test('shows a user their own orders and nobody else’s', async () => {
      const [ann, bob] = [backend.claims(), backend.claims()];
      expect((await get('/orders', backend[kind](ann))).body).toMatchObject([{ owner: ann.sub }]);
      expect((await get('/orders', backend[kind](bob))).body).toMatchObject([{ owner: bob.sub }]);
    });

    test('shows all orders to an admin only', async () => {
      const claims = backend.claims();
      await get('/orders', backend[kind](claims));
      expect((await get('/orders/all', backend[kind](claims))).body).toMatchObject({ status: 403, code: 'forbidden' });
      const { status, body } = await get('/orders/all', backend[kind](backend.claims({ roles: ['admin'] })));
      expect(status).toBe(200);
      expect(body).toContainEqual(expect.objectContaining({ owner: claims.sub }));
    });

    test('shows a stranger nothing but its health', async () => {
      expect(await get('/orders')).toMatchObject({ status: 401, body: { code: 'credentials_missing' } });
      expect((await get('/health')).status).toBe(200);
    });

    test('turns away a user whose session has ended, with no question to the backend', async () => {
      const claims = backend.claims();
      const token = backend[kind](claims);
      await get('/orders', token);
      const asked = backend.introspections;
      backend.feed.end(claims.sid);
      await until(async () => (await get('/orders', token)).status === 401);
      expect((await get('/orders', token)).body).toMatchObject({ code: 'session_revoked' });
      expect(backend.introspections).toBe(asked);
    });
  },
);
