import { Client } from '../support/client.js';
import { startApp, type TestApp } from '../support/test-app.js';

describe.each(['session', 'jwt'])('a service behind HTTPS, in %s mode', (mode) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ AUTH_MODE: mode, COOKIE_SECURE: 'true' });
  });
  afterAll(() => app.close());

  it('binds its cookies to its own host and to HTTPS (R6.1)', async () => {
    const ada = new Client(app.url, 'cookie');
    await ada.register();
    const cookies = (await ada.login()).headers.getSetCookie().sort();
    const shapes = cookies.map((line) => {
      const [pair, ...attributes] = line.split('; ');
      return [pair!.split('=')[0], ...attributes.filter((attribute) => !/^(Max-Age|Expires)=/.test(attribute)).sort()];
    });
    const own = ['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'];
    expect(shapes).toEqual(
      mode === 'session'
        ? [['__Host-sid', ...own]]
        : [
            ['__Host-at', ...own],
            ['__Secure-rt', 'HttpOnly', 'Path=/auth', 'SameSite=Strict', 'Secure'],
          ],
    );
    expect((await ada.me()).status).toBe(200);
  });

  it('says with every answer that it is reached by HTTPS alone (R6.8)', async () => {
    for (const path of ['/auth/config', '/auth/me', '/nowhere', '/.well-known/jwks.json']) {
      const { headers } = await new Client(app.url).send('GET', path);
      expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
    }
  });
});
