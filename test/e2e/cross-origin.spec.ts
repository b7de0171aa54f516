import { PASSWORD, expectIn } from '../support/client.js';
import { inEveryColumn } from '../support/columns.js';

const FRIEND = 'https://app.example.com';

inEveryColumn({ CORS_ORIGINS: FRIEND }, (column) => {
  const { client, member, scenario, transport } = column;
  const refusal = transport === 'cookie' ? 403 : 200;

  scenario(
    'refuses what the page of another site made a browser send, wherever cookies are at stake (R6.4, R6.6)',
    async () => {
      const ada = await member();
      for (const foreign of [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
      ]) {
        const page = ada.copy();
        page.headers = { ...page.headers, ...(foreign as Record<string, string>) };
        const statuses = [(await page.refresh()).status, (await page.as('PATCH', '/users/me', { name: 'Eve' })).status];
        expect([foreign, statuses]).toEqual([foreign, [refusal, refusal]]);
        const login = page.other();
        login.headers = page.headers;
        expect((await login.login()).status).toBe(refusal);
        expect((await page.logout()).status).toBe(refusal === 403 ? 403 : 204);
        if (refusal !== 403) await ada.login();
      }
      await expectIn(ada);
    },
  );

  scenario('lets pages of its own and of named origins through, and whoever is no browser', async () => {
    const ada = await member();
    const own = column.app.url;
    for (const page of [
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { origin: own },
      { origin: FRIEND },
      { origin: FRIEND, 'sec-fetch-site': 'cross-site' },
      {},
    ]) {
      ada.headers = { 'user-agent': 'test', ...(page as Record<string, string>) };
      expect([page, (await ada.refresh()).status]).toEqual([page, 200]);
    }
  });

  scenario('never refuses a request that only reads', async () => {
    const ada = await member();
    ada.headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    await expectIn(ada);
  });

  scenario('does nothing for GET and HEAD, which a page of any site can make a browser send (R6.5)', async () => {
    const ada = await member();
    const id = await ada.sessionId();
    for (const path of ['/auth/logout', '/auth/refresh', '/auth/login', '/auth/register', '/auth/password']) {
      for (const method of ['GET', 'HEAD']) {
        const { status } = await fetch(column.app.url + path, { method, headers: ada.credential() });
        expect([method, path, status]).toEqual([method, path, 405]);
      }
    }
    expect((await ada.as('GET', `/auth/sessions/${id}`)).status).toBe(405);
    expect(await ada.sessionId()).toBe(id);
    await expectIn(ada);
  });

  scenario('lets the pages of named origins, and of no other, read what it answers (R6.7)', async () => {
    const ada = client();
    ada.headers = { origin: FRIEND };
    const friendly = await ada.register(PASSWORD);
    expect(friendly.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(friendly.headers.get('access-control-allow-credentials')).toBe('true');
    ada.headers = { origin: 'https://app.example.com.evil.example' };
    expect((await ada.send('GET', '/auth/config')).headers.get('access-control-allow-origin')).toBeNull();
  });
});
