import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type CanActivate, type ExecutionContext, type INestApplication, Module } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { AuthGuard, SallyportModule, SessionGuard } from '@sallyport/nest';
import { loggedInAs } from '@sallyport/nest/testing';
import { OrdersModule } from '../src/orders/orders.module.js';
import { PagesController } from '../src/pages/pages.controller.js';

const USER = '0198c5a2-7c1e-7d3a-9d62-3f1c8f5b2a10';

let app: INestApplication;

async function start(
  builder: TestingModuleBuilder,
): Promise<(path: string) => Promise<{ status: number; body: string }>> {
  const module = await builder.setLogger(false as never).compile();
  app = module.createNestApplication();
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return async (path) => {
    const answer = await fetch(url + path);
    return { status: answer.status, body: await answer.text() };
  };
}

describe('loggedInAs', () => {
  afterEach(() => app.close());

  it('lets the tests of a module be this user, without any store', async () => {
    const get = await start(
      Test.createTestingModule({ imports: [OrdersModule, loggedInAs({ userId: USER, roles: ['clerk'] })] }),
    );
    assert.deepEqual(JSON.parse((await get('/orders')).body), { userId: USER, status: 'all', tags: [] });
    assert.equal((await get('/orders/takings')).status, 200);
    assert.equal((await get('/orders/by-session')).status, 200);
  });

  it('judges as ever: by roles, and somebody who has not logged in', async () => {
    const get = await start(Test.createTestingModule({ imports: [OrdersModule, loggedInAs({ userId: USER })] }));
    assert.equal((await get('/orders/takings')).status, 403);
    await app.close();
    const asNobody = await start(
      Test.createTestingModule({ imports: [OrdersModule, loggedInAs(null)], controllers: [PagesController] }),
    );
    assert.equal((await asNobody('/orders')).status, 401);
    assert.match((await asNobody('/pages/welcome')).body, /stranger/);
  });
});

describe('a test of a whole application', () => {
  const sallyport = SallyportModule.forRoot({
    database: 'memory',
    sessionStore: 'memory',
    dataDir: process.env.DATA_DIR,
  });

  @Module({ imports: [sallyport, OrdersModule] })
  class ShopModule {}

  const anyone: CanActivate = { canActivate: () => true };
  const openTakings: CanActivate = {
    canActivate: (context: ExecutionContext) => context.getHandler().name === 'takings',
  };

  afterEach(() => app.close());

  it('is closed as it stands, with nothing but memory', async () => {
    const get = await start(Test.createTestingModule({ imports: [ShopModule] }));
    assert.equal((await get('/orders/takings')).status, 401);
    assert.equal((await get('/auth/config')).status, 200);
  });

  it('can put loggedInAs in the place of SallyportModule', async () => {
    const get = await start(
      Test.createTestingModule({ imports: [ShopModule] })
        .overrideModule(sallyport)
        .useModule(loggedInAs({ userId: USER })),
    );
    assert.deepEqual(JSON.parse((await get('/orders/id')).body), { userId: USER });
  });

  it('can override the guard of all routes by overrideProvider', async () => {
    const get = await start(
      Test.createTestingModule({ imports: [ShopModule] })
        .overrideProvider(AuthGuard)
        .useValue(openTakings),
    );
    assert.equal((await get('/orders/takings')).status, 200);
    assert.equal((await get('/orders/7')).status, 403);
  });

  it('can override a guard that stands on a route by overrideGuard', async () => {
    const get = await start(
      Test.createTestingModule({ imports: [OrdersModule, loggedInAs({ userId: USER, mode: 'jwt' })] })
        .overrideGuard(SessionGuard)
        .useValue(anyone),
    );
    assert.deepEqual(JSON.parse((await get('/orders/by-session')).body), { mode: 'jwt' });
  });
});
