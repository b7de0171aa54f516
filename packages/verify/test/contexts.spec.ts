import { Controller, type ExecutionContext, Get, HttpException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { Test } from '@nestjs/testing';
import { principalOfRequest } from '../src/rules/principal.js';
import { CurrentUser, Public, SallyportGuard, Verifier } from '../src/verify.js';
import { CLIENT, FakeBackend, ISSUED_FOR } from './support/fake-backend.js';
import { until } from './support/second-service.js';
import { ToldLog } from './support/told-log.js';

let backend: FakeBackend;
let verifier: Verifier;
let guard: SallyportGuard;

beforeAll(async () => {
  backend = await FakeBackend.start();
  verifier = new Verifier({
    issuer: backend.issuer,
    audience: ISSUED_FOR,
    cookies: true,
    log: new ToldLog(),
    ...CLIENT,
  });
  verifier.start();
  await until(() => verifier.feed.healthy());
  guard = new SallyportGuard(verifier, new HttpAdapterHost());
});
afterAll(async () => {
  await verifier.close();
  await backend.close();
});

class Gateway {
  orders(): void {}

  @Public()
  window(): void {}
}

function contextOf(type: string, ...args: unknown[]): ExecutionContext {
  const context = new ExecutionContextHost(args, Gateway, Gateway.prototype.orders);
  context.setType(type);
  return context;
}

describe.each([
  ['a resolver of GraphQL', (request: object) => contextOf('graphql', {}, {}, { req: request })],
  ['a gateway of WebSockets', (request: object) => contextOf('ws', { request }, {})],
])('%s', (_, context) => {
  test('is guarded by its request', async () => {
    const claims = backend.claims();
    const request = { headers: { authorization: `Bearer ${backend.jwt(claims)}` }, method: 'GET' };
    expect(await guard.canActivate(context(request))).toBe(true);
    expect(principalOfRequest(request)?.userId).toBe(claims.sub);
  });

  test('refuses with the problem, where there are no headers to answer with', async () => {
    const refused = await guard.canActivate(context({ headers: {} })).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HttpException);
    expect((refused as HttpException).getResponse()).toMatchObject({ status: 401, code: 'credentials_missing' });
  });
});

test('a socket that another site opened with a cookie is refused, though it began with GET', async () => {
  const headers = { cookie: `__Host-at=${backend.jwt()}`, host: 'shop.example' };
  const messageFrom = (origin: string) =>
    guard.canActivate(contextOf('ws', { request: { headers: { ...headers, origin }, method: 'GET' } }, {}));
  await expect(messageFrom('https://evil.example')).rejects.toMatchObject({ status: 403 });
  expect(await messageFrom('https://shop.example')).toBe(true);
});

test('an open message is nobody’s once the credential of its socket is none any more', async () => {
  const headers = { authorization: `Bearer ${backend.jwt()}` };
  const request = { headers, method: 'GET' };
  const message = new ExecutionContextHost([{ request }, {}], Gateway, Gateway.prototype.window);
  message.setType('ws');
  expect(await guard.canActivate(message)).toBe(true);
  expect(principalOfRequest(request)).toBeDefined();
  headers.authorization = 'Bearer junk';
  expect(await guard.canActivate(message)).toBe(true);
  expect(principalOfRequest(request)).toBeUndefined();
});

test('a closed route that no guard guards fails loudly when it asks who is there', async () => {
  @Controller()
  class Unguarded {
    @Get()
    whose(@CurrentUser('userId') userId: string): string {
      return userId;
    }
  }
  const testing = await Test.createTestingModule({ controllers: [Unguarded] }).compile();
  const app = testing.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  try {
    expect((await fetch(await app.getUrl())).status).toBe(500);
  } finally {
    await app.close();
  }
});
