import { request } from 'node:http';
import { type CanActivate, Controller, Get, Module, NotFoundException, Param, Post, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { AuthGuard, type Claims, CurrentUser, JwtGuard, Public, Roles, SessionGuard } from '../../src/sallyport.js';
import { loggedInAs } from '../../src/testing.js';
import { Client } from '../support/client.js';
import { type Application, applicationOf } from './application.js';

@Controller('shop')
class ShopController {
  @Get('mine')
  mine(@CurrentUser('userId') userId: string): { userId: string } {
    return { userId };
  }

  @Public()
  @Get('window')
  window(@CurrentUser('userId') userId: string | undefined): { userId: string | null } {
    return { userId: userId ?? null };
  }

  @Public()
  @Post('basket')
  basket(@CurrentUser('userId') userId: string | undefined): { userId: string | null } {
    return { userId: userId ?? null };
  }

  @Post('order')
  order(@CurrentUser('userId') userId: string): { userId: string } {
    return { userId };
  }

  @Roles('admin')
  @Get('takings')
  takings(): { sum: number } {
    return { sum: 1 };
  }

  @Get('tenant/:name')
  tenant(@Param('name') name: string, @CurrentUser('claims') { tenant }: Claims): void {
    if (tenant !== name) throw new NotFoundException();
  }

  @UseGuards(SessionGuard)
  @Get('session-only')
  sessionOnly(@CurrentUser('userId') userId: string): { userId: string } {
    return { userId };
  }

  @UseGuards(JwtGuard)
  @Get('jwt-only')
  jwtOnly(): { open: true } {
    return { open: true };
  }
}

/** Imports nothing: the guards of ours are there all the same. */
@Module({ controllers: [ShopController] })
class ShopModule {}

const status = async ({ url }: Application, path: string, init?: RequestInit): Promise<number> =>
  (await fetch(`${url}${path}`, init)).status;

describe('in an application of one’s own', () => {
  describe.each(['session', 'jwt'] as const)('in %s mode', (authMode) => {
    let app: Application;
    let ada: Client;

    beforeAll(async () => {
      app = await applicationOf({ imports: [ShopModule], options: { authMode } });
      ada = await new Client(app.url, 'cookie').join();
    });
    afterAll(() => app.nest.close());

    it('an open route is told who comes with a good credential, and that anybody else is nobody', async () => {
      const { body } = await ada.as('GET', '/shop/mine');
      expect(body).toEqual({ userId: expect.any(String) });
      expect((await ada.as('GET', '/shop/window')).body).toEqual(body);
      expect((await ada.other().as('GET', '/shop/window')).body).toEqual({ userId: null });
      const junk = await fetch(`${app.url}/shop/window`, { headers: { authorization: 'Bearer junk' } });
      expect([junk.status, await junk.json()]).toEqual([200, { userId: null }]);
    });

    it('a page of another site cannot act with a cookie of ours, on routes of the application either', async () => {
      const forged = { headers: { 'sec-fetch-site': 'same-site', ...ada.credential() } };
      const order = await fetch(`${app.url}/shop/order`, { method: 'POST', ...forged });
      expect([order.status, await order.json()]).toEqual([403, expect.objectContaining({ code: 'csrf_rejected' })]);
      const basket = await fetch(`${app.url}/shop/basket`, { method: 'POST', ...forged });
      expect([basket.status, await basket.json()]).toEqual([201, { userId: null }]);
      const own = { headers: { 'sec-fetch-site': 'same-origin', ...ada.credential() } };
      expect(await status(app, '/shop/order', { method: 'POST', ...own })).toBe(201);
    });

    it('a refusal has its challenge whatever filter answers it', async () => {
      const refused = await fetch(`${app.url}/shop/mine`);
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(await refused.json()).toMatchObject({ code: 'credentials_missing', status: 401 });
    });

    it('two Authorization headers are refused, and nobody is let in by either', async () => {
      const grace = await new Client(app.url).join();
      const { authorization } = grace.credential();
      const both = { Authorization: [authorization!, authorization!] };
      const answered = await new Promise<number>((resolve, reject) => {
        request(`${app.url}/shop/mine`, { headers: both as never }, (answer) => resolve(answer.resume().statusCode!))
          .on('error', reject)
          .end();
      });
      expect(answered).toBe(400);
    });

    it('a guard by name stands on a route of a module that imports nothing', async () => {
      const [mine, others] = authMode === 'session' ? ['session-only', 'jwt-only'] : ['jwt-only', 'session-only'];
      const headers = ada.credential();
      expect(await status(app, `/shop/${mine}`, { headers })).toBe(200);
      expect(await status(app, `/shop/${others}`, { headers })).toBe(401);
    });
  });

  it('without the global guard only our own routes are closed, and the application’s where it says so', async () => {
    const app = await applicationOf({ imports: [ShopModule], options: { globalGuard: false } });
    expect(await status(app, '/shop/takings')).toBe(200);
    expect(await status(app, '/shop/session-only')).toBe(401);
    expect(await status(app, '/auth/me')).toBe(401);
    await app.nest.close();
  });

  it('an application can put the guard where it wants it, after a guard of its own', async () => {
    const seen: string[] = [];
    const tenant: CanActivate = { canActivate: () => seen.push('tenant') > 0 };
    const providers = [
      { provide: APP_GUARD, useValue: tenant },
      { provide: APP_GUARD, useExisting: AuthGuard },
    ];
    const app = await applicationOf({ imports: [ShopModule], options: { globalGuard: false }, providers });
    expect([await status(app, '/shop/mine'), seen]).toEqual([401, ['tenant']]);
    await app.nest.close();
  });

  it('a test lets everybody in by overrideProvider(AuthGuard)', async () => {
    const app = await applicationOf({
      imports: [ShopModule],
      overriding: (builder) => builder.overrideProvider(AuthGuard).useValue({ canActivate: () => true }),
    });
    expect(await status(app, '/shop/takings')).toBe(200);
    await app.nest.close();
  });
});

describe('loggedInAs', () => {
  const answers = async (user: Parameters<typeof loggedInAs>[0], ...paths: string[]): Promise<number[]> => {
    const module = await Test.createTestingModule({ imports: [ShopModule, loggedInAs(user)] }).compile();
    const nest = module.createNestApplication({ logger: false });
    await nest.listen(0, '127.0.0.1');
    const url = (await nest.getUrl()).replace('[::1]', '127.0.0.1');
    const statuses = [];
    for (const path of paths) statuses.push((await fetch(`${url}/shop/${path}`)).status);
    await nest.close();
    return statuses;
  };

  it('tells of the user what the test says', async () => {
    expect(await answers({ claims: { tenant: 'acme' } }, 'tenant/acme', 'tenant/initech')).toEqual([200, 404]);
    expect(await answers({}, 'tenant/acme')).toEqual([404]);
  });

  it('makes every request a user’s, and the guards judge as ever', async () => {
    expect(await answers({ roles: ['user'] }, 'mine', 'takings', 'session-only', 'jwt-only')).toEqual([
      200, 403, 200, 401,
    ]);
    expect(await answers({ roles: ['admin'], mode: 'jwt' }, 'takings', 'jwt-only')).toEqual([200, 200]);
    expect(await answers(null, 'mine', 'window')).toEqual([401, 200]);
  });
});
