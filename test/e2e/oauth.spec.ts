import { expectOut } from '../support/client.js';
import { inEveryColumn } from '../support/columns.js';
import { eventually } from '../support/eventually.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';

const basic = (id = ORDERS.id, secret = ORDERS.secret): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

inEveryColumn({ OAUTH_CLIENTS_FILE: ordersClientsFile() }, (column) => {
  const { member, scenario, mode } = column;
  type Parameters = Record<string, string> | string;
  const post = async (path: string, form: Parameters, authorization: string | null = basic()) => {
    const response = await fetch(column.app.url + path, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: authorization === null ? {} : { authorization },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null };
  };
  const introspect = async (token: string) => (await post('/oauth/introspect', { token })).body;
  const feed = async (after?: string) => {
    const query = after === undefined ? '' : `?after=${after}`;
    const response = await fetch(`${column.app.url}/oauth/revocations${query}`, {
      headers: { authorization: basic(), accept: 'application/json' },
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  /** What the client of a user would send to another service. */
  const carried = ({ held }: Awaited<ReturnType<typeof member>>): string =>
    held.accessToken ?? held.cookies.at ?? held.cookies.sid!;

  scenario('tells another service whose token this is, by the store’s own word (RFC 7662)', async () => {
    const ada = await member();
    const { user, session } = (await ada.me()).body as unknown as { user: { id: string }; session: { id: string } };
    const answer = await introspect(carried(ada));
    expect(answer).toEqual({
      active: true,
      sub: user.id,
      sid: session.id,
      iss: 'http://localhost:3000',
      aud: 'sallyport',
      iat: expect.any(Number),
      exp: expect.any(Number),
      auth_time: expect.any(Number),
      acr: 'aal1',
      amr: ['pwd'],
      roles: ['user'],
      token_type: 'Bearer',
      client_id: 'sallyport',
    });
    expect(answer.exp - answer.iat).toBe(mode === 'jwt' ? 300 : 1800);
  });

  scenario('says active:false and nothing else of whatever is not live (R9.1, R9.2, R9.4)', async () => {
    const ada = await member();
    const token = carried(ada);
    const refresh = ada.held.refreshToken ?? ada.held.cookies.rt ?? `ref_${'A'.repeat(43)}`;
    for (const other of [refresh, 'junk', `ses_${'A'.repeat(43)}`, `${token}A`]) {
      expect(await introspect(other)).toEqual({ active: false });
    }
    await ada.logout();
    expect(await introspect(token)).toEqual({ active: false });
  });

  scenario('ends the session of any authentic token, current or replaced (RFC 7009, R9.5)', async () => {
    const ada = await member();
    const old = ada.copy();
    await ada.refresh();
    const token = old.held.refreshToken ?? old.held.cookies.rt ?? carried(old);
    expect(await post('/oauth/revoke', { token, token_type_hint: 'refresh_token' })).toMatchObject({
      status: 200,
      body: null,
    });
    for (const holder of [ada, old]) await expectOut(holder, 'session_revoked');
    expect((await post('/oauth/revoke', { token: 'junk' })).status).toBe(200);
  });

  scenario(
    'answers only services that prove who they are, and errors the OAuth way (RFC 6749, 5.2, R1.4)',
    async () => {
      const token = carried(await member());
      for (const authorization of [null, basic('orders', 'wrong'), basic('nobody'), 'Basic junk', `Bearer ${token}`]) {
        const refused = await post('/oauth/introspect', { token }, authorization);
        expect([refused.status, refused.body.error]).toEqual([401, 'invalid_client']);
        expect(refused.headers.get('www-authenticate')).toMatch(/^Basic /);
      }
      expect(
        (await post('/oauth/introspect', { token, client_id: 'orders', client_secret: ORDERS.secret }, null)).body
          .active,
      ).toBe(true);
      const both = await post('/oauth/introspect', { token, client_id: 'orders', client_secret: ORDERS.secret });
      expect([both.status, both.body.error]).toEqual([400, 'invalid_request']);
      for (const form of [{}, { token: '' }, `token=${token}&token=${token}`] as Parameters[]) {
        const bad = await post('/oauth/introspect', form);
        expect([bad.status, bad.body.error]).toEqual([400, 'invalid_request']);
      }
      const large = await post('/oauth/introspect', { token: 'x'.repeat(9000) });
      expect([large.status, large.body.error]).toEqual([413, 'invalid_request']);
      expect((await fetch(`${column.app.url}/oauth/revocations`)).status).toBe(401);
    },
  );

  scenario('tells of what has ended, from a cursor on, with ids and times and nothing else', async () => {
    const ada = await member();
    const sid = await ada.sessionId();
    const { cursor } = (await feed()).body;
    await ada.logout();
    await eventually(async () => (await feed(cursor)).body.events.some((event: { sid?: string }) => event.sid === sid));
    const { events, windowSeconds } = (await feed(cursor)).body;
    expect(events.find((event: { sid?: string }) => event.sid === sid)).toEqual({
      type: 'session-revoked',
      sid,
      at: expect.any(Number),
    });
    expect(windowSeconds).toBeGreaterThan(900);
    for (const junk of ['junk', '', 'MA', Buffer.from('1').toString('base64url')]) {
      expect((await feed(junk)).status).toBe(400);
    }
  });

  scenario('streams what has ended, with a heartbeat each second at least', async () => {
    const ada = await member();
    const sid = await ada.sessionId();
    const abort = new AbortController();
    const response = await fetch(`${column.app.url}/oauth/revocations`, {
      headers: { authorization: basic() },
      signal: abort.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body!) text += Buffer.from(chunk).toString();
    })().catch(() => undefined);
    await eventually(async () => text.includes('event: heartbeat'));
    await ada.logout();
    await eventually(async () => text.includes(`"sid":"${sid}"`), 2000);
    expect(text).toMatch(/event: session-revoked\ndata: \{"type":"session-revoked"/);
    expect(text).toMatch(/event: heartbeat\nid: \S+\ndata: \{"at":\d+\}\n\n/);
    abort.abort();
    await reading;
  });

  scenario('publishes what there is and nothing else (RFC 8414, R8.1, R9.7)', async () => {
    const metadata = (await column.client().send('GET', '/.well-known/oauth-authorization-server')).body as Record<
      string,
      unknown
    >;
    expect(metadata).toMatchObject({
      issuer: 'http://localhost:3000',
      jwks_uri: 'http://localhost:3000/.well-known/jwks.json',
    });
    const { keys } = (await column.client().send('GET', '/.well-known/jwks.json')).body as unknown as {
      keys: object[];
    };
    expect(keys).toHaveLength(mode === 'jwt' ? 1 : 0);
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });
});
