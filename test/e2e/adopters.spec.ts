import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { loadConfig } from '../../src/config/config.js';
import { CurrentUser, JwtGuard, type Principal, Public, Roles, SessionGuard } from '../../src/sallyport.js';
import { setUpHttp } from '../../src/http/http-setup.js';
import { Client } from '../support/client.js';
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

  @UseGuards(JwtGuard)
  @Get('jwt-only')
  jwtOnly(@CurrentUser() me: Principal): Principal {
    return me;
  }
}

@Public()
@Controller('lobby')
class LobbyController {
  @Get('bench')
  bench(): { open: true } {
    return { open: true };
  }

  @Roles('admin')
  @Get('safe')
  safe(): string {
    return 'the keys';
  }
}

@Roles('admin')
@Controller('vault')
class VaultController {
  @Public()
  @Get('window')
  window(): string {
    return 'the gold';
  }
}

@Module({ imports: [AuthModule], controllers: [ShopController, LobbyController, VaultController] })
class ShopModule {}

describe.each(['session', 'jwt'])('an application of one’s own around the modules, in %s mode', (mode) => {
  let app: NestExpressApplication;
  let ada: Client;

  beforeAll(async () => {
    const config = loadConfig(
      { DATABASE_URL: process.env.TEST_WORKER_DATABASE_URL, AUTH_MODE: mode },
      process.env.TEST_FOLDER!,
    );
    const module = await Test.createTestingModule({ imports: [AppModule.forRoot(config), ShopModule] })
      .setLogger(testLog)
      .compile();
    app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: testLog });
    setUpHttp(app);
    await app.listen(0, '127.0.0.1');
    ada = await new Client((await app.getUrl()).replace('[::1]', '127.0.0.1')).join();
  });
  afterAll(() => app.close());

  it('finds its routes closed, and open to whoever is logged in', async () => {
    expect((await ada.other().as('GET', '/shop/mine')).code).toBe('credentials_missing');
    expect((await ada.as('GET', '/shop/mine')).body).toEqual({ userId: expect.any(String) });
    expect((await ada.other().as('GET', '/shop/window')).status).toBe(200);
  });

  it('keeps a route for roles from those who do not have them', async () => {
    expect((await ada.as('GET', '/shop/takings')).code).toBe('forbidden');
  });

  it('keeps a route for roles closed though @Public() stands beside it, above it or below it', async () => {
    expect((await ada.other().as('GET', '/lobby/bench')).status).toBe(200);
    for (const path of ['/lobby/safe', '/vault/window']) {
      expect((await ada.other().as('GET', path)).code).toBe('credentials_missing');
      expect((await ada.as('GET', path)).code).toBe('forbidden');
    }
  });

  it('can ask for one kind of credential on a route, whatever else is open', async () => {
    const [mine, others] = mode === 'session' ? ['session-only', 'jwt-only'] : ['jwt-only', 'session-only'];
    expect((await ada.as('GET', `/shop/${mine}`)).body).toMatchObject({ mode, transport: 'bearer', roles: ['user'] });
    expect((await ada.as('GET', `/shop/${others}`)).code).toBe('token_invalid');
    expect((await ada.other().as('GET', `/shop/session-only`)).code).toBe('credentials_missing');
  });
});
