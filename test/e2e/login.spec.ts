import { inEveryColumn } from '../support/columns.js';
import { Client, PASSWORD, expectIn, expectOut } from '../support/client.js';

inEveryColumn({}, ({ mode, transport, client, member, scenario }) => {
  scenario('signs in, is welcomed, refreshes and logs out (R5.4)', async () => {
    const ada = client();
    const registered = await ada.register(PASSWORD, { name: 'Ada Lovelace' });
    expect(registered.status).toBe(201);
    expect(registered.body).toEqual({
      id: expect.any(String),
      email: ada.email,
      name: 'Ada Lovelace',
      roles: ['user'],
    });

    const login = await ada.login();
    expect(login.status).toBe(200);
    expect(login.body).toMatchObject({
      user: { email: ada.email, name: 'Ada Lovelace', roles: ['user'] },
      session: { mode, transport, id: expect.any(String) },
      tokenType: 'Bearer',
      expiresIn: mode === 'jwt' ? 300 : 1800,
    });

    const me = await ada.me();
    expect(me.body).toMatchObject({
      user: { email: ada.email },
      session: { id: (login.body.session as { id: string }).id },
    });
    const refreshed = await ada.refresh();
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.session).toMatchObject({ id: (login.body.session as { id: string }).id, mode, transport });
    await expectIn(ada);
    const held = ada.copy();
    expect((await ada.logout()).status).toBe(204);
    await expectOut(held, 'session_revoked');
  });

  scenario('answers everyone who logs in at the same moment for themselves', async () => {
    const users = Array.from({ length: 3 }, () => client());
    for (const user of users) expect((await user.register()).status).toBe(201);
    for (let round = 0; round < 5; round += 1) {
      const right = users.map(async (user) => {
        const { body } = await user.other().login();
        expect(body).toMatchObject({ user: { email: user.email } });
      });
      const wrong = users.map(async (user) => {
        expect((await user.other().login('marker not the password at all')).code).toBe('login_failed');
      });
      await Promise.all([...right, ...wrong]);
    }
  });

  scenario('tells the reasons for a 401 apart by code (R9.8)', async () => {
    const ada = await member();
    await expectOut(client(), 'credentials_missing');
    const junk = client();
    junk.held = { accessToken: 'junk', cookies: { sid: 'junk', at: 'junk' } };
    await expectOut(junk, 'token_invalid');
    const held = ada.copy();
    await ada.logout();
    await expectOut(held, 'session_revoked');
  });

  scenario('answers an unknown user and a wrong password alike (R3.1)', async () => {
    const ada = await member();
    const wrong = await ada.other().login('marker not the password at all');
    const unknown = await client().login('marker not the password at all');
    expect(wrong.status).toBe(401);
    const comparable = ({ headers, body }: typeof wrong) => {
      const { requestId: _, ...rest } = body;
      return [rest, [...headers.keys()].sort(), headers.get('content-length')];
    };
    expect(comparable(wrong)).toEqual(comparable(unknown));
  });

  scenario('finds the account however the e-mail is spelled (R3.7)', async () => {
    const ada = await member();
    const shouting = new Client(ada['url'], transport, `\uFF35${ada.email.slice(1).toUpperCase()}`);
    expect((await shouting.login()).status).toBe(200);
    expect((await shouting.register()).code).toBe('email_taken');
  });

  scenario('takes a password in whatever form the keyboard sends it', async () => {
    const ada = client();
    await ada.register('marker caf\u00e9 au lait cr\u00e8me');
    expect((await ada.login('marker cafe\u0301 au lait cre\u0300me')).status).toBe(200);
  });

  scenario('gives a new credential at every login (R5.1)', async () => {
    const ada = await member();
    const again = ada.other();
    await again.login();
    expect(again.held).not.toEqual(ada.held);
  });

  scenario('never adopts a token that it did not issue (R5.1)', async () => {
    const fixed = client();
    fixed.held = { cookies: { sid: `ses_${'A'.repeat(43)}` }, accessToken: `ses_${'A'.repeat(43)}` };
    await fixed.register();
    const before = JSON.stringify(fixed.held);
    await fixed.login();
    expect(JSON.stringify(fixed.held)).not.toBe(before);
  });

  scenario(
    'keeps its cookies from scripts and from other sites (R6.1)',
    async () => {
      const ada = client();
      await ada.register();
      const lines = (await ada.login()).headers.getSetCookie();
      expect(lines).toHaveLength(mode === 'jwt' ? 2 : 1);
      for (const line of lines) expect(line).toMatch(/HttpOnly; SameSite=(Lax|Strict)$/);
    },
    { difference: 'cookies are only in the cookie transport' },
  );

  scenario(
    'puts no token into the body when it sets cookies (R6.1)',
    async () => {
      const ada = client();
      await ada.register();
      const { body } = await ada.login();
      expect(Object.keys(body).sort()).toEqual(['expiresIn', 'session', 'tokenType', 'user']);
    },
    { difference: 'cookies are only in the cookie transport' },
  );

  scenario(
    'sets no cookie when it hands out tokens',
    async () => {
      const ada = client();
      await ada.register();
      const reply = await ada.login();
      expect(reply.headers.getSetCookie()).toEqual([]);
      expect(reply.body.accessToken).toMatch(mode === 'jwt' ? /^eyJ/ : /^ses_[\w-]{43}$/);
      expect(reply.body.refreshToken ?? null).toEqual(mode === 'jwt' ? expect.stringMatching(/^ref_[\w-]{43}$/) : null);
    },
    { difference: 'tokens are in the body only in the bearer transport' },
  );

  scenario('answers 204 to a logout, also of a dead credential and of none (R5.4)', async () => {
    const ada = await member();
    const held = ada.copy();
    expect((await ada.logout()).status).toBe(204);
    expect((await held.logout()).status).toBe(204);
    expect((await client().logout()).status).toBe(204);
    for (const authorization of ['Bearer junk', 'Bearer', 'Basic junk']) {
      expect((await client().send('POST', '/auth/logout', { headers: { authorization } })).status).toBe(204);
    }
  });

  scenario(
    'ends the session that a browser leaves behind by logging in again (R5.1)',
    async () => {
      const ada = await member();
      const left = ada.copy();
      ada.headers = { ...ada.headers, ...ada.credential() };
      expect((await ada.login()).status).toBe(200);
      await expectOut(left, 'session_revoked');
    },
    { difference: 'cookies are only in the cookie transport' },
  );
});
