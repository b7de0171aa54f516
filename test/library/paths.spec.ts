import { VersioningType } from '@nestjs/common';
import { Client } from '../support/client.js';
import { type Application, applicationOf } from './application.js';

const CASES = [
  ['a prefix', {}, (app: Application['nest']) => app.setGlobalPrefix('api'), '/api', '/api'],
  [
    'a prefix that does not hold for what is well known',
    {},
    (app: Application['nest']) => app.setGlobalPrefix('api', { exclude: ['.well-known/*path'] }),
    '/api',
    '',
  ],
  [
    'versions in its paths',
    {},
    (app: Application['nest']) => app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
    '',
    '',
  ],
] as const;

describe.each(CASES)('an application with %s', (_, options, before, prefix, wellKnown) => {
  let app: Application;
  beforeAll(async () => {
    app = await applicationOf({
      options: { ...options, authMode: 'jwt', jwtIssuer: 'https://id.example.com' },
      before,
    });
  });
  afterAll(() => app.nest.close());

  it('has its cookies sent to the routes that read them', async () => {
    const ada = new Client(`${app.url}${prefix}`, 'cookie');
    await ada.register();
    const cookies = (await ada.login()).headers.getSetCookie();
    expect(cookies.find((line) => line.startsWith('rt='))).toContain(`; Path=${prefix}/auth;`);
    expect((await ada.refresh()).status).toBe(200);
    expect((await ada.as('GET', '/auth/me')).status).toBe(200);
  });

  it('points other services to where its routes are', async () => {
    const metadata = await fetch(`${app.url}${wellKnown}/.well-known/oauth-authorization-server`);
    const { jwks_uri: jwks, introspection_endpoint: introspect } = (await metadata.json()) as Record<string, string>;
    expect(jwks).toBe(`https://id.example.com${wellKnown}/.well-known/jwks.json`);
    expect((await fetch(`${app.url}${new URL(jwks!).pathname}`)).status).toBe(200);
    const asked = await fetch(`${app.url}${new URL(introspect!).pathname}`, {
      method: 'POST',
      body: new URLSearchParams({ token: 'junk' }),
    });
    expect([asked.status, await asked.json()]).toEqual([401, expect.objectContaining({ error: 'invalid_client' })]);
  });
});

it('behind a proxy that has put it under a path, cookies and links have that path', async () => {
  const options = { authMode: 'jwt', jwtIssuer: 'https://example.com/id' } as const;
  const app = await applicationOf({ options });
  const ada = new Client(app.url, 'cookie');
  await ada.register();
  const cookies = (await ada.login()).headers.getSetCookie();
  expect(cookies.find((line) => line.startsWith('rt='))).toContain('; Path=/id/auth;');
  const metadata = await fetch(`${app.url}/.well-known/oauth-authorization-server`);
  expect(await metadata.json()).toMatchObject({ revocation_endpoint: 'https://example.com/id/oauth/revoke' });
  await app.nest.close();
});
