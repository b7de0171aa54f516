import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SallyportModule } from '@sallyport/nest';
import { OrdersModule } from '../src/orders/orders.module.js';
import { PagesController } from '../src/pages/pages.controller.js';
import { Browser } from './support/browser.js';

@Module({
  imports: [
    SallyportModule.forRoot({
      database: 'memory',
      sessionStore: 'memory',
      authMode: process.env.AUTH_MODE as 'session' | 'jwt',
      dataDir: process.env.DATA_DIR,
    }),
    OrdersModule,
  ],
  controllers: [PagesController],
})
class ShopModule {}

describe('an application on Fastify', () => {
  let app: NestFastifyApplication;
  let ada: Browser;
  let nobody: Browser;

  before(async () => {
    app = await NestFactory.create<NestFastifyApplication>(ShopModule, new FastifyAdapter(), { logger: ['fatal'] });
    app.setGlobalPrefix('api');
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    ada = await new Browser(url).join();
    nobody = new Browser(url);
  });
  after(() => app.close());

  it('has closed routes, which keep their own refusals, queries and bodies', async () => {
    assert.equal((await nobody.get('/api/orders')).status, 401);
    const { body } = await ada.get('/api/orders?status=open&tags=a&tags=b');
    assert.deepEqual([body.status, body.tags], ['open', ['a', 'b']]);
    const { status, body: refusal } = await ada.get('/api/orders/7');
    assert.deepEqual([status, refusal.message], [404, 'There is no order 7.']);
    const large = await ada.send('POST', '/api/orders', [{ text: 'x'.repeat(20 * 1024) }]);
    assert.deepEqual([large.status, large.body.isList], [201, true]);
  });

  it('knows on a public page who comes with a good credential', async () => {
    assert.doesNotMatch((await ada.get('/api/pages/welcome')).text, /stranger/);
    assert.match((await nobody.get('/api/pages/welcome')).text, /stranger/);
  });

  it('has our routes under its prefix, with their own refusals', async () => {
    const refused = await nobody.send('POST', '/api/auth/register', { email: 'nobody', password: 'x' });
    assert.deepEqual([refused.status, refused.body.code], [422, 'validation_failed']);
    assert.match(refused.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.equal((await ada.send('POST', '/api/auth/refresh')).status, 200);
    assert.equal((await ada.send('POST', '/api/auth/logout')).status, 204);
    assert.equal((await ada.get('/api/orders')).status, 401);
  });
});
