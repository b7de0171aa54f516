import * as oauth from 'openid-client';
import { Client, expectOut } from '../support/client.js';
import { closedPort } from '../support/closed-port.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { startApp, type TestApp } from '../support/test-app.js';

const METHODS = {
  client_secret_basic: oauth.ClientSecretBasic(ORDERS.secret),
  client_secret_post: oauth.ClientSecretPost(ORDERS.secret),
};

/** What a client library does that was written without us in mind: it finds everything by the metadata (RFC 8414). */
describe.each(['session', 'jwt'])('in %s mode, openid-client', (mode) => {
  let app: TestApp;
  let issuer: URL;

  beforeAll(async () => {
    const port = await closedPort();
    issuer = new URL(`http://127.0.0.1:${port}`);
    app = await startApp({
      AUTH_MODE: mode,
      PORT: String(port),
      JWT_ISSUER: issuer.origin,
      OAUTH_CLIENTS_FILE: ordersClientsFile(),
    });
  });
  afterAll(() => app.close());

  const discover = (method: oauth.ClientAuth): Promise<oauth.Configuration> =>
    oauth.discovery(issuer, ORDERS.id, undefined, method, {
      algorithm: 'oauth2',
      execute: [oauth.allowInsecureRequests],
    });

  it.each(Object.entries(METHODS))('finds the endpoints, asks and revokes, as %s', async (_, method) => {
    const configuration = await discover(method);
    const ada = await new Client(app.url).join();
    const { user, session } = (await ada.me()).body as unknown as { user: { id: string }; session: { id: string } };
    const token = ada.held.accessToken!;

    const answer = await oauth.tokenIntrospection(configuration, token);
    expect(answer).toMatchObject({
      active: true,
      sub: user.id,
      sid: session.id,
      iss: configuration.serverMetadata().issuer,
    });
    await oauth.tokenRevocation(configuration, ada.held.refreshToken ?? token);
    expect(await oauth.tokenIntrospection(configuration, token)).toEqual({ active: false });
    await expectOut(ada, 'session_revoked');
  });

  it('is told by a challenge that its secret is wrong (RFC 9110, section 11.6.1)', async () => {
    const configuration = await discover(oauth.ClientSecretPost('another secret'));
    const asked = oauth.tokenIntrospection(configuration, 'anything');
    await expect(asked).rejects.toMatchObject({ status: 401, cause: [{ scheme: 'basic' }] });
  });

  it('finds nothing that is not there', async () => {
    const configuration = await discover(METHODS.client_secret_basic);
    const endpoints = Object.entries(configuration.serverMetadata()).filter(([name]) => /_(endpoint|uri)$/.test(name));
    expect(endpoints.map(([name]) => name).sort()).toEqual([
      'introspection_endpoint',
      'jwks_uri',
      'revocation_endpoint',
      'sallyport_revocations_endpoint',
    ]);
    for (const [, url] of endpoints) expect((await fetch(url as string, { method: 'OPTIONS' })).status).not.toBe(404);
  });
});
