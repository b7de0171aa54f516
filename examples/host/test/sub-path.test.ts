import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from './support/browser.js';
import { RunningHost } from './support/running-host.js';

describe('an application that a proxy has put under a path', () => {
  let host: RunningHost;
  let ada: Browser;

  before(async () => {
    host = await RunningHost.start('https://shop.example/backend');
    ada = await host.browser().join();
  });
  after(() => host.app.close());

  it('gives cookies the path that the browser sees', () => {
    assert.equal(ada.cookiePaths.rt, process.env.AUTH_MODE === 'jwt' ? '/backend/api/auth' : undefined);
  });

  it('names in its metadata the addresses that are seen from outside', async () => {
    const { body } = await ada.get('/api/.well-known/oauth-authorization-server');
    assert.equal(body.issuer, 'https://shop.example/backend');
    assert.match(body.introspection_endpoint, /^https:\/\/shop\.example\/backend\/api\/oauth\//);
  });
});
