import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from './support/browser.js';
import { RunningHost } from './support/running-host.js';

describe('the routes of an application with Sallyport in it', () => {
  let host: RunningHost;
  let ada: Browser;
  let nobody: Browser;

  before(async () => {
    host = await RunningHost.start();
    ada = await host.browser().join();
    nobody = host.browser();
  });
  after(() => host.app.close());

  it('are closed, and open to whoever is logged in', async () => {
    const refused = await nobody.get('/api/v1/orders');
    assert.deepEqual([refused.status, refused.body.statusCode], [401, 401]);
    assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer/);
    assert.equal((await ada.get('/api/v1/orders')).status, 200);
    assert.match((await ada.get('/api/v1/orders/id')).body.userId, /^[0-9a-f-]{36}$/);
  });

  for (const [path, status, message] of [
    ['orders/7', 404, 'There is no order 7.'],
    ['orders/conflict', 409, 'The order was changed by somebody else.'],
    ['orders/teapot', 418, 'Short and stout.'],
    ['orders/busy', 503, 'The till is closed.'],
    ['orders/broken', 500, 'Something went wrong.'],
  ] as const) {
    it(`keep their ${status} and its message`, async () => {
      const answer = await ada.get(`/api/v1/${path}`);
      assert.deepEqual([answer.status, answer.body.message], [status, message]);
    });
  }

  it('keep the 404 of a path that nobody serves, whatever its method', async () => {
    for (const method of ['GET', 'POST', 'DELETE', 'PATCH']) {
      const answer = await ada.send(method, '/api/v1/nothing');
      assert.deepEqual([answer.status, answer.body.message], [404, `Cannot ${method} /api/v1/nothing`]);
    }
    assert.equal((await ada.send('DELETE', '/api/v1/orders')).status, 404);
  });

  it('keep the 429 of their own throttler', async () => {
    assert.equal((await ada.get('/api/v1/orders/seldom')).status, 200);
    const answer = await ada.get('/api/v1/orders/seldom');
    assert.deepEqual([answer.status, answer.body.message], [429, 'ThrottlerException: Too Many Requests']);
  });

  it('take whatever query they like', async () => {
    const { body } = await ada.get('/api/v1/orders?status=open&tags=a&tags=b&token=x&page=2');
    assert.deepEqual([body.status, body.tags], ['open', ['a', 'b']]);
  });

  it('take lists, many fields and large bodies', async () => {
    const list = await ada.send('POST', '/api/v1/orders', [{ id: 1 }, { id: 2 }]);
    assert.deepEqual([list.status, list.body.isList], [201, true]);
    const fields = Object.fromEntries(Array.from({ length: 62 }, (_, i) => [`field${i}`, i]));
    assert.equal((await ada.send('POST', '/api/v1/orders', fields)).body.keys, 62);
    const large = await ada.send('POST', '/api/v1/orders', { text: 'x'.repeat(20 * 1024) });
    assert.deepEqual([large.status, large.body.size], [201, 20 * 1024 + 11]);
    const deep = await ada.send('POST', '/api/v1/orders', {
      a: { a: { a: { a: { a: { a: { a: { a: { a: {} } } } } } } } },
    });
    assert.equal(deep.status, 201);
  });

  it('take uploads', async () => {
    const form = new FormData();
    form.append('file', new Blob(['x'.repeat(100_000)]), 'order.txt');
    const { status, body } = await ada.send('POST', '/api/v1/uploads', form);
    assert.deepEqual([status, body.name, body.size], [201, 'order.txt', 100_000]);
  });

  it('take text', async () => {
    const { status, body } = await nobody.send('POST', '/api/v1/webhooks', 'paid', { 'content-type': 'text/plain' });
    assert.deepEqual([status, body], [201, { text: 'paid' }]);
  });

  it('take a public form from a page of another site, and know nobody there by a cookie', async () => {
    const form = [
      'POST',
      '/api/v1/pages/contact',
      'name=Ada',
      {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'https://partner.example',
        'sec-fetch-site': 'cross-site',
      },
    ] as const;
    for (const browser of [nobody, ada]) {
      const { status, body } = await browser.send(...form);
      assert.deepEqual([status, body], [201, { thanks: 'Ada' }]);
    }
  });

  it('refuse a cookie that a page of another site made the browser send', async () => {
    const answer = await ada.send('POST', '/api/v1/orders', [], {
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    });
    assert.equal(answer.status, 403);
  });

  it('know on a public page who comes with a good credential', async () => {
    const { userId } = (await ada.get('/api/v1/orders/id')).body;
    assert.match((await ada.get('/api/v1/pages/welcome')).text, new RegExp(`Hello ${userId}`));
    assert.match((await nobody.get('/api/v1/pages/welcome')).text, /Hello stranger/);
  });

  it('have the headers that the application gave them, and none of ours', async () => {
    const { headers } = await ada.get('/api/v1/pages/welcome');
    for (const name of ['content-security-policy', 'strict-transport-security', 'cache-control'])
      assert.equal(headers.get(name), null, name);
  });

  it('can be for one kind of credential, in a module that imports nothing of Sallyport', async () => {
    const mode = process.env.AUTH_MODE!;
    const [mine, other] = mode === 'session' ? ['by-session', 'by-jwt'] : ['by-jwt', 'by-session'];
    assert.deepEqual((await ada.get(`/api/v1/orders/${mine}`)).body, { mode });
    assert.equal((await ada.get(`/api/v1/orders/${other}`)).status, 401);
  });

  it('can be for roles', async () => {
    assert.equal((await ada.get('/api/v1/orders/takings')).status, 403);
  });

  it('have a guard of the application’s own, which knows who asks', async () => {
    const answers = await Promise.all([
      ada.get('/api/v1/orders', { 'x-shop': 'open' }),
      ada.get('/api/v1/orders', { 'x-shop': 'closed' }),
      nobody.get('/api/v1/pages/welcome', { 'x-shop': 'open' }),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 403, 403],
    );
    assert.equal(answers[1]!.body.message, 'You are not known in closed.');
  });

  it('find in the application’s own table whom its listener has put there', async () => {
    assert.deepEqual((await ada.get('/api/v1/people/me')).body, { tier: 'bronze', email: ada.email });
  });

  it('can open a session for somebody whom the application has made sure of', async () => {
    const { userId } = (await ada.get('/api/v1/orders/id')).body;
    const other = host.browser();
    assert.equal((await other.send('POST', '/api/v1/people/sso', { userId })).status, 201);
    assert.equal((await other.get('/api/v1/orders/id')).body.userId, userId);
    assert.deepEqual((await other.get('/api/auth/me')).body.session.amr, ['sso']);
  });
});
