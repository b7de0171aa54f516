import { DOORS } from './support/doors.js';
import { FakeBackend } from './support/fake-backend.js';
import { SecondService } from './support/second-service.js';

let backend: FakeBackend;
let service: SecondService;

beforeAll(async () => {
  backend = await FakeBackend.start();
  service = await SecondService.start(backend);
  await service.healthy();
});
afterAll(async () => {
  await service.close();
  await backend.close();
});

describe.each(['jwt', 'opaque'] as const)('with a credential of the kind %s', (kind) => {
  test('the handler is told who asks', async () => {
    const claims = backend.claims({ roles: ['user', 'auditor'] });
    const { status, body } = await service.get('/me', backend[kind](claims));
    expect(status).toBe(200);
    expect(body).toEqual({
      userId: claims.sub,
      sessionId: claims.sid,
      roles: ['user', 'auditor'],
      authTime: new Date(Number(claims.auth_time) * 1000).toISOString(),
      acr: 'aal1',
      amr: ['pwd'],
      claims: {},
    });
  });

  test('the handler is told what the application of the backend tells of the user, and cannot change it', async () => {
    const ext = { tenant: 'acme', seats: 2.5, trial: false, teams: ['Žofie’s 📱', ''] };
    const token = backend[kind](backend.claims({ ext }));
    expect((await service.get('/me', token)).body).toMatchObject({ claims: ext });
    expect((await service.get('/greedy/claims', token)).status).toBe(500);
    expect((await service.get('/me', token)).body).toMatchObject({ claims: ext });
  });

  test('one of the roles is enough, none of them is 403', async () => {
    expect((await service.get('/admin', backend[kind](backend.claims({ roles: ['auditor'] })))).status).toBe(200);
    const { status, code, headers } = await service.get('/admin', backend[kind]());
    expect([status, code, headers.get('www-authenticate')]).toEqual([403, 'forbidden', null]);
  });

  test.each(DOORS)('a route with %s (%s) lets in %s', async (_, path, opensTo) => {
    const nobody = await service.get(path);
    const user = await service.get(path, backend[kind]());
    const admin = await service.get(path, backend[kind](backend.claims({ roles: ['user', 'admin'] })));
    expect(nobody.code).toBe(opensTo === 'everybody' ? undefined : 'credentials_missing');
    expect(user.code).toBe(opensTo === 'admins' ? 'forbidden' : undefined);
    expect([nobody, user, admin].map(({ status }) => status).filter((status) => status === 200)).toHaveLength(
      { everybody: 3, users: 2, admins: 1 }[opensTo],
    );
  });

  test('the scheme may be written in any case', async () => {
    const Authorization = `bEARER ${backend[kind]()}`;
    expect((await service.send('/me', { Authorization })).status).toBe(200);
  });

  test('two Authorization headers are 400, in either order and spelling', async () => {
    const token = backend[kind]();
    expect(await service.sendRaw('/me', ['Authorization', `Bearer ${token}`])).toBe(200);
    expect(await service.sendRaw('/me', ['Authorization', `Bearer ${token}`, 'authorization', 'Bearer x'])).toBe(400);
    expect(await service.sendRaw('/me', ['AUTHORIZATION', 'Basic eDp5', 'Authorization', `Bearer ${token}`])).toBe(400);
  });

  test('a token anywhere but in the header is not read', async () => {
    const token = backend[kind]();
    expect((await service.send(`/me?access_token=${token}`, { Cookie: `sid=${token}; at=${token}` })).code).toBe(
      'credentials_missing',
    );
  });
});

test('nothing sent is 401 with a bare challenge', async () => {
  for (const headers of [{} as Record<string, string>, { Authorization: '' }, { Authorization: 'Basic eDp5' }]) {
    const { status, code, headers: answered } = await service.send('/me', headers);
    expect([status, code, answered.get('www-authenticate')]).toEqual([401, 'credentials_missing', 'Bearer']);
  }
});

test('a Bearer with nothing behind it is a bad token', async () => {
  expect((await service.send('/me', { Authorization: 'Bearer' })).code).toBe('token_invalid');
});

test('a refusal is a problem document that no cache keeps', async () => {
  const { headers, body } = await service.get('/me', 'nonsense');
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toEqual({
    type: 'urn:sallyport:problem:token_invalid',
    title: 'The token is unknown or garbled',
    status: 401,
    code: 'token_invalid',
    detail: 'The token is unknown or garbled.',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  });
});

test('a public route is open to all, whatever they send', async () => {
  for (const path of ['/open', '/lobby/bench']) {
    expect((await service.get(path)).status).toBe(200);
    expect((await service.get(path, 'nonsense')).status).toBe(200);
  }
});

describe('a public route that asks who is there', () => {
  const who = async (token?: string) => (await service.get('/whose', token)).body.who;

  test('is told who comes with a good credential of either kind', async () => {
    const claims = backend.claims();
    expect(await who(backend.jwt(claims))).toBe(claims.sub);
    expect(await who(backend.opaque(claims))).toBe(claims.sub);
  });

  test('is told nobody when none comes along, or one that is dead or bad', async () => {
    const now = Math.floor(Date.now() / 1000);
    const expired = backend.jwt(backend.claims({ iat: now - 300, auth_time: now - 300, exp: now - 1 }));
    const ended = backend.opaque();
    backend.forget(ended);
    for (const token of [undefined, '', 'nonsense', expired, ended]) expect(await who(token)).toBe('nobody');
    const twice = ['Authorization', `Bearer ${backend.jwt()}`, 'Authorization', 'Bearer x'];
    expect(await service.sendRaw('/whose', twice)).toBe(200);
  });

  test('is not entered with a credential that cannot be judged, for that is an outage', async () => {
    backend.introspectionStatus = 503;
    try {
      const { status, code } = await service.get('/whose', backend.opaque());
      expect([status, code]).toEqual([503, 'service_unavailable']);
      expect(await who()).toBe('nobody');
    } finally {
      backend.introspectionStatus = 200;
    }
  });
});

test('a handler may ask for one property of who is there', async () => {
  const claims = backend.claims();
  expect((await service.get('/me/id', backend.jwt(claims))).body).toEqual({ userId: claims.sub });
  expect(await service.get('/whose/id')).toMatchObject({ status: 200, body: { who: 'nobody' } });
});

test('an answer of the backend that makes no sense is 503, not a pass and not a 401', async () => {
  for (const change of [
    { sub: 'x' },
    { sid: undefined },
    { exp: 1.5 },
    { roles: 'admin' },
    { auth_time: null },
    { acr: undefined },
    { amr: 'pwd' },
    { ext: 'acme' },
    { ext: { tenant: { id: 'acme' } } },
    { ext: { tenant: 'x'.repeat(1024) } },
    { iat: undefined },
    { active: 'true' },
  ]) {
    const { status, code, headers } = await service.get('/me', backend.opaque(backend.claims(change)));
    expect([status, code, headers.get('retry-after')]).toEqual([503, 'service_unavailable', '1']);
  }
});

test('an opaque token of another issuer or for another service is refused, though it is live (R7.6)', async () => {
  for (const change of [{ iss: 'https://other.example' }, { aud: 'billing-api' }, { aud: undefined }, { exp: 1 }]) {
    expect((await service.get('/me', backend.opaque(backend.claims(change)))).code).toBe('token_invalid');
  }
});

test('a wrong client secret is 503 for everybody', async () => {
  const wrong = await SecondService.start(backend, { clientSecret: 'wrong' });
  expect((await wrong.get('/me', backend.opaque())).status).toBe(503);
  expect((await wrong.get('/me', backend.jwt())).status).toBe(503);
  await wrong.close();
});
