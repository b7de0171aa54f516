import { FastifyAdapter } from '@nestjs/platform-fastify';
import { principalOfRequest } from '../src/rules/principal.js';
import { FakeBackend } from './support/fake-backend.js';
import { SecondService } from './support/second-service.js';

let backend: FakeBackend;
let service: SecondService;
/** Who was known when each answer had been sent, to code that sees Node's own request alone. */
const known: (string | undefined)[] = [];

beforeAll(async () => {
  backend = await FakeBackend.start();
  const adapter = new FastifyAdapter();
  adapter.getInstance().addHook('onResponse', (request, _, done) => {
    known.push(principalOfRequest(request.raw)?.userId);
    done();
  });
  service = await SecondService.start(backend, { cookies: true }, adapter);
  await service.healthy();
});
afterAll(async () => {
  await service.close();
  await backend.close();
});

test.each(['jwt', 'opaque'] as const)('on Fastify the handler is told who asks, by %s', async (kind) => {
  const claims = backend.claims();
  const token = backend[kind](claims);
  expect(await service.get('/me', token)).toMatchObject({ status: 200, body: { userId: claims.sub, acr: 'aal1' } });
  expect((await service.get('/me/id', token)).body).toEqual({ userId: claims.sub });
  expect((await service.get('/admin', token)).code).toBe('forbidden');
  expect((await service.get('/whose', token)).body).toEqual({ who: claims.sub });
  expect((await service.get('/whose')).body).toEqual({ who: 'nobody' });
  expect(known).toContain(claims.sub);
});

test('on Fastify a refusal is a problem document with its challenge, which no cache keeps', async () => {
  const { status, code, headers } = await service.get('/me', 'nonsense');
  expect([status, code]).toEqual([401, 'token_invalid']);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  expect(headers.get('cache-control')).toBe('no-store');
});

test('on Fastify two Authorization headers are 400', async () => {
  const twice = ['Authorization', `Bearer ${backend.jwt()}`, 'authorization', 'Bearer x'];
  expect(await service.sendRaw('/me', twice)).toBe(400);
});

test('on Fastify a cookie lets in, and nothing that another site sends with it', async () => {
  const Cookie = `__Host-at=${backend.jwt()}`;
  expect((await service.send('/change', { Cookie, 'Sec-Fetch-Site': 'same-origin' }, 'POST')).status).toBe(201);
  expect((await service.send('/change', { Cookie, 'Sec-Fetch-Site': 'cross-site' }, 'POST')).code).toBe(
    'csrf_rejected',
  );
  expect((await service.send('/me', { Cookie: `${Cookie}; ${Cookie}` })).code).toBe('token_invalid');
});
