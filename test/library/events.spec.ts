import { Controller, Module, Post, Req, Res } from '@nestjs/common';
import { Logins, Public, SallyportEvents, UsersService } from '../../src/sallyport.js';
import { Client, PASSWORD } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type Application, applicationOf } from './application.js';

@Controller('sso')
class SsoController {
  constructor(
    private readonly logins: Logins,
    private readonly users: UsersService,
  ) {}

  /** As if an identity provider had said so. */
  @Public()
  @Post('callback')
  async callback(
    @Req() request: { body: { email: string; id?: string } },
    @Res({ passthrough: true }) response: object,
  ) {
    const { email, id } = request.body;
    const userId = id ?? (await this.users.register(email, PASSWORD, null, {})).id;
    return this.logins.openFor(userId, { amr: ['sso'], acr: 'aal2' }, request, response);
  }
}

@Module({ controllers: [SsoController] })
class SsoModule {}

describe.each(['session', 'jwt'] as const)('an application in %s mode', (authMode) => {
  const heard: [string, object][] = [];
  let app: Application;

  beforeAll(async () => {
    app = await applicationOf({
      imports: [SsoModule],
      options: {
        authMode,
        on: {
          sessionOpened: (event) => heard.push(['sessionOpened', event]),
          userRegistered: () => {
            throw new Error('a listener that fails');
          },
        },
      },
    });
  });
  afterAll(() => app.nest.close());

  it('hears who has registered, which sessions were opened and which ended, and why', async () => {
    const forwarded: [string, object][] = [];
    const stop = app.nest.get(SallyportEvents).forward({ emit: (name, event) => forwarded.push([name, event]) });
    const ada = await new Client(app.url).join();
    const { userId } = forwarded[0]![1] as { userId: string };
    const { sessionId } = forwarded[1]![1] as { sessionId: string };
    await ada.logout();
    await eventually(async () => forwarded.length === 3);
    expect(forwarded).toEqual([
      ['sallyport.userRegistered', { userId }],
      ['sallyport.sessionOpened', { userId, sessionId }],
      ['sallyport.sessionEnded', { userId, sessionId, reason: 'logout' }],
    ]);
    expect(heard).toEqual([['sessionOpened', { userId, sessionId }]]);
    stop();
    await new Client(app.url).join();
    expect(forwarded).toHaveLength(3);
  });

  it('opens a session for somebody it has made sure of by itself', async () => {
    const post = (body: object) =>
      fetch(`${app.url}/sso/callback`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const answer = await post({ email: 'grace@example.com' });
    expect(await answer.json()).toMatchObject({ session: { acr: 'aal2', amr: ['sso'], transport: 'cookie' } });
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    const me = await fetch(`${app.url}/auth/me`, { headers: { cookie } });
    expect([me.status, await me.json()]).toEqual([
      200,
      expect.objectContaining({ user: expect.objectContaining({ email: 'grace@example.com' }) }),
    ]);
    const nobody = await post({ id: '01a1fc86-d8a1-75b3-9b46-1282e39c6d54' });
    expect([nobody.status, await nobody.json()]).toEqual([401, expect.objectContaining({ code: 'login_failed' })]);
  });
});
