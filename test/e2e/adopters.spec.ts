import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DOOR_CONTROLLERS, DOORS } from '../../packages/verify/test/support/doors.js';
import { AppModule } from '../../src/app.module.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { loadConfig } from '../../src/load-config.js';
import {
  CurrentUser,
  JwtGuard,
  type Principal,
  Public,
  RefusalFilter,
  Roles,
  SessionGuard,
} from '../../src/sallyport.js';
import { COMMAND } from '../../src/core/origin.js';
import { UserStore } from '../../src/users/user.store.js';
import { Client } from '../support/client.js';
import { StatementCounter } from '../support/statement-counter.js';
import { testLog } from '../support/test-log.js';

@Controller('shop')
class ShopController {
  @Get('mine')
  mine(@CurrentUser() me: Principal): { userId: string } {
    return { userId: me.userId };
  }

  @Roles('admin')
  @Get('takings')
  takings(): string {
    return 'a lot';
  }

  @Public()
  @Get('window')
  window(): { open: true } {
    return { open: true };
  }

  @Public()
  @UseGuards(SessionGuard)
  @Get('session-only')
  sessionOnly(@CurrentUser() me: Principal): Principal {
    return me;
  }

  @UseGuards(SessionGuard)
  @Get('closed-session-only')
  closedSessionOnly(@CurrentUser() me: Principal): Principal {
    return me;
  }

  @UseGuards(JwtGuard)
  @Get('jwt-only')
  jwtOnly(@CurrentUser() me: Principal): Principal {
    return me;
  }
}

@Module({ imports: [AuthModule], controllers: [ShopController, ...DOOR_CONTROLLERS] })
class ShopModule {}

describe.each(['session', 'jwt'])('an application of one’s own around the modules, in %s mode', (mode) => {
  let app: INestApplication;
  let statements: StatementCounter;
  let ada: Client;
  let admin: Client;

  beforeAll(async () => {
    statements = await StatementCounter.to(process.env.TEST_WORKER_DATABASE_URL!);
    const settings = { DATABASE_URL: statements.url, AUTH_MODE: mode, AUTH_ACCEPT: 'session,jwt' };
    const config = loadConfig(settings, process.env.TEST_FOLDER!);
    const module = await Test.createTestingModule({ imports: [AppModule.forRoot(config), ShopModule] })
      .setLogger(testLog)
      .compile();
    app = module.createNestApplication({ logger: testLog });
    app.useGlobalFilters(new RefusalFilter());
    await app.listen(0, '127.0.0.1');
    ada = await new Client((await app.getUrl()).replace('[::1]', '127.0.0.1')).join();
    admin = new Client((await app.getUrl()).replace('[::1]', '127.0.0.1'));
    await admin.register();
    await app.get(UserStore, { strict: false }).grantRole(admin.email, 'admin', COMMAND);
    await admin.login();
  });
  afterAll(async () => {
    await app.close();
    await statements.close();
  });

  it('finds its routes closed, and open to whoever is logged in', async () => {
    expect((await ada.other().as('GET', '/shop/mine')).code).toBe('credentials_missing');
    expect((await ada.as('GET', '/shop/mine')).body).toEqual({ userId: expect.any(String) });
    expect((await ada.other().as('GET', '/shop/window')).status).toBe(200);
  });

  it('keeps a route for roles from those who do not have them', async () => {
    expect((await ada.as('GET', '/shop/takings')).code).toBe('forbidden');
  });

  it.each(DOORS)('lets nobody by a slip through a route with %s (%s): it is open to %s', async (_, path, opensTo) => {
    const nobody = await ada.other().as('GET', path);
    const user = await ada.as('GET', path);
    expect(nobody.code).toBe(opensTo === 'everybody' ? undefined : 'credentials_missing');
    expect(user.code).toBe(opensTo === 'admins' ? 'forbidden' : undefined);
    expect((await admin.as('GET', path)).status).toBe(200);
  });

  it('can ask for one kind of credential on a route, whatever else is open', async () => {
    const forSessions = ['session-only', 'closed-session-only'];
    const [mine, others] = mode === 'session' ? [forSessions, ['jwt-only']] : [['jwt-only'], forSessions];
    for (const path of mine)
      expect((await ada.as('GET', `/shop/${path}`)).body).toMatchObject({ mode, transport: 'bearer', roles: ['user'] });
    for (const path of others) expect((await ada.as('GET', `/shop/${path}`)).code).toBe('token_invalid');
    for (const path of [...mine, ...others])
      expect((await ada.other().as('GET', `/shop/${path}`)).code).toBe('credentials_missing');
  });

  it('asks the store once who is asking, with a guard by name and without', async () => {
    for (const path of ['mine', 'session-only', 'closed-session-only', 'jwt-only']) {
      const before = statements.countOf('token_use');
      await ada.as('GET', `/shop/${path}`);
      expect([path, statements.countOf('token_use') - before]).toEqual([path, mode === 'session' ? 1 : 0]);
    }
  });

  it('tells a handler who asks, and how surely and by what means that was proved', async () => {
    const path = mode === 'session' ? '/shop/session-only' : '/shop/jwt-only';
    expect((await ada.as('GET', path)).body).toMatchObject({
      authTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      acr: 'aal1',
      amr: ['pwd'],
    });
  });
});
