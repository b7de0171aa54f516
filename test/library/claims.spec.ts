import { Controller, Get, Module, Post, Req, Res } from '@nestjs/common';
import { createVerifier, type Verifier } from '@sallyport/verify/plain';
import { type Claims, CurrentUser, Logins, Public, type User, UsersService } from '../../src/sallyport.js';
import { configOfOptions } from '../../src/sallyport-options.js';
import { FILE_RULES } from '../../src/load-config.js';
import { ToldLog } from '../../packages/verify/test/support/told-log.js';
import { Client, PASSWORD } from '../support/client.js';
import { closedPort } from '../support/closed-port.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { logLines } from '../support/test-log.js';
import { type Application, applicationOf, IN_MEMORY } from './application.js';

@Controller('shop')
class ShopController {
  constructor(
    private readonly logins: Logins,
    private readonly users: UsersService,
  ) {}

  @Get('claims')
  claims(@CurrentUser('claims') claims: Claims): { claims: Claims } {
    return { claims };
  }

  @Public()
  @Post('sso')
  async sso(@Req() request: { body: { email: string } }, @Res({ passthrough: true }) response: object) {
    const { id } = await this.users.register(request.body.email, PASSWORD, null, {});
    return this.logins.openFor(id, { amr: ['sso'], transport: 'bearer' }, request, response);
  }
}

@Module({ controllers: [ShopController] })
class ShopModule {}

const ACME = { tenant: 'acme', seats: 12, trial: false, teams: ['blue', 'Žofie’s 📱'] };
const NEXT_PASSWORD = 'marker difference engines weave';

/** What the token of a JWT says. */
const saidBy = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

describe.each(['session', 'jwt'] as const)('an application in %s mode that tells more of its users', (authMode) => {
  let app: Application;
  let verifier: Verifier;
  let told: unknown;
  let asked: User[];

  beforeAll(async () => {
    const port = await closedPort();
    const issuer = `http://127.0.0.1:${port}`;
    const of = async (user: User) => {
      asked.push(user);
      return told as Claims;
    };
    const claims = { names: ['tenant', 'seats', 'trial', 'teams'], of };
    const options = { authMode, claims, jwtIssuer: issuer, oauthClientsFile: ordersClientsFile() };
    app = await applicationOf({ imports: [ShopModule], port, options });
    const client = { clientId: ORDERS.id, clientSecret: ORDERS.secret };
    verifier = createVerifier({ issuer, audience: 'sallyport', log: new ToldLog(), ...client });
  });
  beforeEach(() => {
    told = ACME;
    asked = [];
  });
  afterAll(async () => {
    await verifier.close();
    await app.nest.close();
  });

  const heardBy = async (client: Client): Promise<unknown> => (await client.as('GET', '/shop/claims')).body.claims;
  const introspected = async (token: string): Promise<Record<string, unknown>> => {
    const authorization = `Basic ${Buffer.from(`${ORDERS.id}:${ORDERS.secret}`).toString('base64')}`;
    const body = new URLSearchParams({ token });
    const answer = await fetch(`${app.url}/oauth/introspect`, { method: 'POST', headers: { authorization }, body });
    return (await answer.json()) as Record<string, unknown>;
  };

  it.each(['bearer', 'cookie'] as const)('has it in its handlers, by %s', async (transport) => {
    const ada = await new Client(app.url, transport).join();
    expect(await heardBy(ada)).toEqual(ACME);
    expect(asked).toEqual([expect.objectContaining({ email: ada.email, roles: ['user'] })]);
    expect(JSON.stringify(asked)).not.toContain('argon2');
  });

  it('has it in the services behind it, in what introspection answers and in JWTs', async () => {
    const ada = await new Client(app.url).join();
    const token = ada.held.accessToken!;
    expect((await verifier.verifyToken(token)).claims).toEqual(ACME);
    expect((await introspected(token)).ext).toEqual(ACME);
    if (authMode === 'jwt') expect(saidBy(token).ext).toEqual(ACME);
  });

  it('has it nowhere else: not in what the client is answered', async () => {
    const ada = new Client(app.url);
    const answers = [await ada.register(), await ada.login(), await ada.me(), await ada.as('GET', '/auth/sessions')];
    for (const { body, status } of answers) {
      expect(status).toBeLessThan(300);
      expect(JSON.stringify(body)).not.toContain('acme');
    }
  });

  it('is asked once for a session: its claims stay through every refresh, and a new session has new ones', async () => {
    const ada = await new Client(app.url).join();
    told = { tenant: 'initech' };
    for (let i = 0; i < 3; i += 1) expect((await ada.refresh()).status).toBe(200);
    expect([await heardBy(ada), asked.length]).toEqual([ACME, 1]);
    expect((await ada.changePassword(PASSWORD, NEXT_PASSWORD)).status).toBe(200);
    expect([await heardBy(ada), asked.length]).toEqual([{ tenant: 'initech' }, 2]);
  });

  it('is asked for a session that it opens by itself', async () => {
    const grace = new Client(app.url);
    const { body } = await grace.send('POST', '/shop/sso', { body: { email: grace.email } });
    grace.held.accessToken = body.accessToken;
    expect(await heardBy(grace)).toEqual(ACME);
  });

  it('may have nothing to tell of somebody: then nothing travels', async () => {
    told = {};
    const ada = await new Client(app.url).join();
    const token = ada.held.accessToken!;
    expect(await heardBy(ada)).toEqual({});
    expect((await verifier.verifyToken(token)).claims).toEqual({});
    expect(Object.keys(await introspected(token))).not.toContain('ext');
    if (authMode === 'jwt') expect(Object.keys(saidBy(token))).not.toContain('ext');
  });

  const teams = (bytes: number) => ({ teams: ['é'.repeat((bytes - '{"teams":[""]}'.length) / 2)] });

  it('has room for 1024 bytes', async () => {
    told = teams(1024);
    const ada = await new Client(app.url, 'cookie').join();
    expect(await heardBy(ada)).toEqual(told);
  });

  it.each<[string, string, unknown]>([
    ['a name that it has not promised', 'email', { email: 'ada@example.com' }],
    ['an object', 'tenant', { tenant: { id: 'acme' } }],
    ['nothing', 'tenant', { tenant: null }],
    ['a number that JSON has no word for', 'seats', { seats: NaN }],
    ['a list of numbers', 'teams', { teams: [1] }],
    ['text that Postgres does not keep', 'tenant', { tenant: 'ac\0me' }],
    ['more than 1024 bytes', 'teams', { tenant: 'acme', ...teams(1026) }],
  ])('opens no session when it tells %s, and the log names the claim', async (_, claim, wrong) => {
    const ada = await new Client(app.url).join();
    told = wrong;
    const lines = logLines();
    expect(await ada.other().login()).toMatchObject({ status: 500, code: 'internal_error' });
    expect(lines()).toContainEqual({ level: 'error', context: 'claims', entry: expect.objectContaining({ claim }) });
    expect(await ada.sessions()).toHaveLength(1);
  });
});

it('an application that tells nothing more has tokens and answers as they ever were', async () => {
  const app = await applicationOf({ imports: [ShopModule], options: { authMode: 'jwt' } });
  const ada = await new Client(app.url).join();
  expect(Object.keys(saidBy(ada.held.accessToken!))).not.toContain('ext');
  expect((await ada.as('GET', '/shop/claims')).body).toEqual({ claims: {} });
  await app.nest.close();
});

it('a claim cannot have a name that means something in a token, nor one that is none', () => {
  const names = ['tenant', 'sub', 'roles', 'scope', 'tenant id', '__proto__'];
  const options = { ...IN_MEMORY, claims: { names, of: () => ({}) } };
  expect(() => configOfOptions(options, false, FILE_RULES)).toThrow(
    [
      'The settings are not right:',
      '  - claims.names must not have sub: tokens have a meaning for it',
      '  - claims.names must not have roles: tokens have a meaning for it',
      '  - claims.names must not have scope: tokens have a meaning for it',
      '  - claims.names must be of letters, digits, - and _, a letter first, 64 at most: "tenant id"',
      '  - claims.names must be of letters, digits, - and _, a letter first, 64 at most: "__proto__"',
    ].join('\n'),
  );
});
