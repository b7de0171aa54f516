import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DataSource } from 'typeorm';
import type { Browser } from './support/browser.js';
import { RunningHost } from './support/running-host.js';

const mode = process.env.AUTH_MODE;

describe('Sallyport’s routes in an application of somebody else', () => {
  let host: RunningHost;
  let ada: Browser;
  let nobody: Browser;

  before(async () => {
    host = await RunningHost.start();
    ada = await host.browser().join();
    nobody = host.browser();
  });
  after(() => host.app.close());

  it('answer refusals as problems, whatever filter the application has', async () => {
    const refusals = await Promise.all([
      nobody.get('/api/auth/me'),
      ada.login('a password that nobody has'),
      nobody.send('POST', '/api/auth/register', { email: 'nobody', password: 'x' }),
      nobody.send('POST', '/api/auth/register', ['a list']),
      nobody.get('/api/auth/config?token=x'),
      nobody.send('POST', '/api/auth/login', { email: 'a@b.example', password: 'x'.repeat(20_000) }),
      nobody.send('POST', '/api/auth/login', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
    ]);
    assert.deepEqual(
      refusals.map(({ status, body }) => `${status} ${body.code}`),
      [
        '401 credentials_missing',
        '401 login_failed',
        '422 validation_failed',
        '400 invalid_request',
        '422 validation_failed',
        '413 payload_too_large',
        '415 unsupported_media_type',
      ],
    );
    for (const { headers } of refusals) assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
  });

  it('check and mend their bodies by themselves', async () => {
    const email = `Mixed.${ada.email}`;
    const { status, body } = await nobody.send('POST', '/api/auth/register', {
      email: email.toUpperCase(),
      password: 'a marker that engines weave',
    });
    assert.deepEqual([status, body.email], [201, email.toLowerCase()]);
    const refused = await nobody.send('POST', '/api/auth/register', { email, password: ['x'], name: 123 });
    assert.deepEqual(
      [refused.body.code, refused.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()],
      ['validation_failed', ['/name', '/password']],
    );
  });

  it('refuse what a page of another site made the browser send', async () => {
    const forged = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    assert.equal((await ada.send('POST', '/api/auth/logout', undefined, forged)).body.code, 'csrf_rejected');
    assert.equal((await ada.get('/api/auth/me')).status, 200);
  });

  it('have their own headers', async () => {
    const { headers } = await ada.get('/api/auth/me');
    assert.match(headers.get('cache-control') ?? '', /no-store/);
  });

  it('renew a login below the prefix of the application, by a cookie of that path alone', async () => {
    const grace = await host.browser().join();
    const { rt } = grace.cookiePaths;
    assert.equal(rt, mode === 'jwt' ? '/api/auth' : undefined);
    assert.equal((await grace.send('POST', '/api/auth/refresh')).status, 200);
    assert.equal((await grace.get('/api/v1/orders')).status, 200);
    assert.equal((await grace.send('POST', '/api/auth/logout')).status, 204);
    assert.equal((await grace.get('/api/v1/orders')).status, 401);
  });

  it('are where the metadata says', async () => {
    const { status, body } = await nobody.get('/api/.well-known/oauth-authorization-server');
    assert.equal(status, 200);
    assert.equal(body.issuer, `${host.url}/api`);
    for (const name of ['jwks_uri', 'introspection_endpoint', 'revocation_endpoint']) {
      const link = body[name] as string | undefined;
      if (link === undefined) continue;
      assert.ok(link.startsWith(`${host.url}/api/`), `${name}: ${link}`);
      const method = name === 'jwks_uri' ? 'GET' : 'POST';
      assert.notEqual((await nobody.send(method, link.slice(host.url.length))).status, 404, link);
    }
  });

  it('keep their tables in a schema of their own, beside those of the application', async () => {
    const tables: { table_schema: string }[] = await host.app
      .get(DataSource)
      .query(`SELECT table_schema FROM information_schema.tables WHERE table_name = 'users' ORDER BY 1`);
    assert.deepEqual(
      tables.map(({ table_schema }) => table_schema),
      ['public', 'sallyport'],
    );
  });
});
