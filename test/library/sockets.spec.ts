import type { ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AuthGuard, principalIn, Public } from '../../src/sallyport.js';
import { Client } from '../support/client.js';
import { type Application, applicationOf } from './application.js';

class Gateway {
  closed(): void {}

  @Public()
  open(): void {}
}

/** What guards are given by a gateway of Nest's, and by a resolver that graphql-ws has called. */
const CONTEXTS: [string, (request: object, handler: () => void) => ExecutionContext][] = [
  ['a gateway', (request, handler) => contextOf('ws', handler, { request }, {})],
  ['a resolver', (request, handler) => contextOf('graphql', handler, {}, {}, { request })],
];

function contextOf(type: string, handler: () => void, ...args: unknown[]): ExecutionContext {
  const context = new ExecutionContextHost(args, Gateway, handler);
  context.setType(type);
  return context;
}

describe.each(CONTEXTS)('the socket of %s', (_, contextFor) => {
  let app: Application;
  let guard: AuthGuard;
  let ada: Client;

  beforeAll(async () => {
    app = await applicationOf({});
    guard = app.nest.get(AuthGuard, { strict: false });
  });
  beforeEach(async () => {
    ada = await new Client(app.url, 'cookie').join();
  });
  afterAll(() => app.nest.close());

  /** Node's request that has opened the socket. */
  const opening = (headers: Record<string, string>): object => ({
    method: 'GET',
    rawHeaders: [],
    headers: { host: 'shop.example', upgrade: 'websocket', ...ada.credential(), ...headers },
  });
  const { closed, open } = Gateway.prototype;

  it('is not opened with a cookie by a page of another site, though it begins with GET', async () => {
    const from = (origin: string) => guard.canActivate(contextFor(opening({ origin }), closed));
    await expect(from('https://evil.example')).rejects.toMatchObject({ code: 'csrf_rejected' });
    expect(await from('https://shop.example')).toBe(true);
  });

  it('does nothing more for whoever has logged out, and tells an open handler that they are nobody', async () => {
    const request = opening({});
    expect(await guard.canActivate(contextFor(request, closed))).toBe(true);
    expect(await guard.canActivate(contextFor(request, open))).toBe(true);
    expect(principalIn(contextFor(request, open))).toBeDefined();
    await ada.as('POST', '/auth/logout');
    expect(await guard.canActivate(contextFor(request, open))).toBe(true);
    expect(principalIn(contextFor(request, open))).toBeUndefined();
    await expect(guard.canActivate(contextFor(request, closed))).rejects.toMatchObject({ status: 401 });
  });
});
