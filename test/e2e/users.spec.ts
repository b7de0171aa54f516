import { PASSWORD, expectOut } from '../support/client.js';
import { inEveryColumn } from '../support/columns.js';
import { grantRole, setStatus, takeRole } from '../support/user-command.js';

inEveryColumn({}, (column) => {
  const { client, member, scenario } = column;

  scenario('opens the list of users to whoever is logged in, and fuller to an admin', async () => {
    expect((await client().as('GET', '/users')).code).toBe('credentials_missing');
    const ada = await member();
    const seen = (await ada.as('GET', '/users?limit=1')).body.items as object[];
    expect(Object.keys(seen[0]!)).toEqual(['id', 'name']);
    await grantRole(column.app.nest, ada.email, 'admin');
    await ada.login();
    const full = (await ada.as('GET', '/users?limit=1')).body.items as object[];
    expect(Object.keys(full[0]!).sort()).toEqual(['createdAt', 'email', 'id', 'name', 'roles', 'status']);
  });

  scenario('ends all sessions of a user whose role was changed (R5.5, R7.11)', async () => {
    const ada = await member();
    await grantRole(column.app.nest, ada.email, 'admin');
    await expectOut(ada, 'session_revoked');
    await ada.login();
    expect((await ada.me()).body).toMatchObject({ user: { roles: ['user', 'admin'] } });
    await takeRole(column.app.nest, ada.email, 'admin');
    await expectOut(ada, 'session_revoked');
  });

  scenario('lets a disabled user neither go on nor log in, and an enabled one log in again (R5.5)', async () => {
    const ada = await member();
    const held = ada.copy();
    await setStatus(column.app.nest, ada.email, 'disabled');
    await expectOut(ada, 'session_revoked');
    expect((await ada.refresh()).code).toBe('session_revoked');
    expect((await ada.login()).code).toBe('login_failed');
    await setStatus(column.app.nest, ada.email, 'active');
    await expectOut(held, 'session_revoked');
    expect((await ada.login(PASSWORD)).status).toBe(200);
  });

  scenario('turns the pages of the list without leaving anyone out', async () => {
    const ada = await member();
    for (let i = 0; i < 3; i += 1) await client().register();
    const ids: string[] = [];
    let path = '/users?limit=2';
    for (;;) {
      const { body } = await ada.as('GET', path);
      ids.push(...(body.items as { id: string }[]).map(({ id }) => id));
      if (body.nextCursor === null) break;
      path = `/users?limit=2&cursor=${body.nextCursor as string}`;
    }
    const all = (await ada.as('GET', '/users?limit=100')).body.items as { id: string }[];
    expect(ids).toEqual(all.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  scenario('refuses a page that is none (R11.5)', async () => {
    const ada = await member();
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=1e1',
      'limit=',
      'limit=1&limit=2',
      'cursor=junk',
      'order=id',
      'cursor=',
      'limit[a]=1',
    ]) {
      expect([query, (await ada.as('GET', `/users?${query}`)).code]).toEqual([query, 'validation_failed']);
    }
  });

  scenario('shows one user, and 404 for nobody', async () => {
    const ada = await member();
    const { user } = (await ada.me()).body as unknown as { user: { id: string } };
    expect((await ada.as('GET', `/users/${user.id}`)).body).toEqual({ id: user.id, name: null });
    for (const id of ['01a1fc86-d8a1-75b3-9b46-1282e39c6d54', 'junk', 'me']) {
      expect((await ada.as('GET', `/users/${id}`)).code).toBe('not_found');
    }
  });

  scenario('takes the user who acts from the credential, whoever the request names (R12.3)', async () => {
    const [ada, eve] = [await member(), await member()];
    const { user } = (await ada.me()).body as unknown as { user: { id: string } };
    const named = { 'x-user-id': user.id, 'x-forwarded-user': ada.email };
    const reply = await eve.send('GET', '/auth/me', { headers: { ...eve.credential(), ...named } });
    expect(reply.body).toMatchObject({ user: { email: eve.email } });
    expect((await eve.as('GET', `/auth/me?userId=${user.id}`)).code).toBe('validation_failed');
    expect((await eve.as('PATCH', '/users/me', { name: 'Eve', userId: user.id })).code).toBe('validation_failed');
    expect((await eve.as('PATCH', `/users/${user.id}`, { name: 'Eve' })).code).toBe('method_not_allowed');
    expect((await ada.me()).body).toMatchObject({ user: { name: null } });
  });

  scenario('changes my name and nothing else (R12.4)', async () => {
    const ada = await member();
    expect((await ada.as('PATCH', '/users/me', { name: 'Ada King' })).body).toMatchObject({
      name: 'Ada King',
      email: ada.email,
    });
    for (const body of [
      {},
      { name: null },
      { name: 7 },
      { name: '' },
      { name: 'a\u0000b' },
      { name: '\ud800' },
      { name: 'A', roles: ['admin'] },
      { name: 'A', id: 'x' },
    ]) {
      expect((await ada.as('PATCH', '/users/me', body)).code).toBe('validation_failed');
    }
    expect((await ada.me()).body).toMatchObject({ user: { name: 'Ada King', roles: ['user'] } });
  });
});
