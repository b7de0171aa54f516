import { connect } from 'node:net';
import { inEveryColumn } from '../support/columns.js';
import { PASSWORD, expectIn } from '../support/client.js';

/** A request as bytes, for what no client library sends. */
async function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text.replaceAll('\n', '\r\n')));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

inEveryColumn({}, (column) => {
  const { client, member, scenario, mode, transport } = column;

  scenario(
    'refuses wrong types, unknown fields and impossible text, field by field (R11.2, R11.3, R11.4)',
    async () => {
      const ada = client();
      const good = { email: ada.email, password: PASSWORD };
      const bad: [object, string][] = [
        [{ ...good, email: 7 }, '/email'],
        [{ ...good, email: ['a@b.example'] }, '/email'],
        [{ ...good, email: { $ne: null } }, '/email'],
        [{ ...good, email: null }, '/email'],
        [{ ...good, email: 'a@b.example,c@d.example' }, '/email'],
        [{ ...good, email: 'Ada <ada@example.com>' }, '/email'],
        [{ ...good, email: 'ada\r\nbcc: eve@example.com' }, '/email'],
        [{ ...good, email: 'a\u200bda@example.com' }, '/email'],
        [{ ...good, email: 'a\u202eda@example.com' }, '/email'],
        [{ ...good, email: 'a\u0000da@example.com' }, '/email'],
        [{ ...good, email: 'a\ud800@example.com' }, '/email'],
        [{ ...good, email: `${'a'.repeat(250)}@example.com` }, '/email'],
        [{ ...good, password: 123456789012345 }, '/password'],
        [{ ...good, password: null }, '/password'],
        [{ ...good, name: true }, '/name'],
        [{ ...good, name: null }, '/name'],
        [{ ...good, name: 'a\u0000b' }, '/name'],
        [{ ...good, name: '\udfff' }, '/name'],
        [{ ...good, name: 'Ada \u202e ecalevoL' }, '/name'],
        [{ ...good, name: 'Ada\u2066King' }, '/name'],
        [{ ...good, name: 'A\u200bda' }, '/name'],
        [{ ...good, name: 'A\u200dda' }, '/name'],
        [{ ...good, name: 'A\u00adda' }, '/name'],
        [{ ...good, name: 'Ada\ufeff' }, '/name'],
        [{ ...good, name: '\u3164' }, '/name'],
        [{ ...good, name: 'Ada\u2028King' }, '/name'],
        [{ ...good, hasOwnProperty: 1 }, '/hasOwnProperty'],
        [{ ...good, toString: 'x' }, '/toString'],
        [{ ...good, roles: ['admin'] }, '/roles'],
        [{ ...good, 'a/b~c': 1 }, '/a~1b~0c'],
        [{ password: PASSWORD }, '/email'],
        [{ email: ada.email }, '/password'],
      ];
      for (const [body, pointer] of bad) {
        const reply = await ada.send('POST', '/auth/register', { body });
        expect([body, reply.code, (reply.body.errors as { pointer: string }[])?.[0]?.pointer]).toEqual([
          body,
          'validation_failed',
          pointer,
        ]);
      }
      for (const body of [
        { ...good, transport: 'pigeon' },
        { ...good, transport: null },
        { ...good, remember: true },
      ]) {
        expect((await ada.send('POST', '/auth/login', { body })).code).toBe('validation_failed');
      }
      expect((await ada.register()).status).toBe(201);
    },
  );

  scenario('takes names of every script, with the joiners that some of them are written with', async () => {
    for (const name of ['علی‌رضا', 'ශ්‍රී', 'Łukasz Ó Briain', '山田 太郎', 'Ada ❤️', '👩🏽‍💻']) {
      expect((await client().register(PASSWORD, { name })).body).toMatchObject({ name });
    }
  });

  scenario('points at each query parameter that it does not know', async () => {
    const ada = await member();
    const one = await ada.as('GET', '/auth/me?access_token=marker&a~b/c=1');
    expect((one.body.errors as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual([
      '/access_token',
      '/a~0b~1c',
    ]);
    const two = await ada.as('GET', '/users?limit=5&hasOwnProperty=marker');
    expect(two.body.errors).toMatchObject([{ pointer: '/hasOwnProperty', code: 'unknown_field' }]);
    expect(JSON.stringify([one.body, two.body])).not.toContain('marker');
  });

  scenario('never repeats a value that it refuses (R11.7)', async () => {
    const reply = await client().send('POST', '/auth/register', {
      body: { email: 'marker-in-the-email', password: 'marker-in-pw' },
    });
    expect(JSON.stringify(reply.body)).not.toContain('marker');
  });

  scenario('reads JSON objects in UTF-8 of at most 16 KiB, and nothing else (R11.1)', async () => {
    const url = `${column.app.url}/auth/login`;
    const post = async (
      body: string | Uint8Array<ArrayBuffer>,
      type = 'application/json',
      more = {},
    ): Promise<unknown[]> => {
      const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': type, ...more } });
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect(await post('{')).toEqual([400, 'invalid_request']);
    expect(await post('[]')).toEqual([400, 'invalid_request']);
    expect(await post('"text"')).toEqual([400, 'invalid_request']);
    expect(await post('{"__proto__": {"roles": ["admin"]}}')).toEqual([400, 'invalid_request']);
    expect(await post('{"a": {"constructor": 1}}')).toEqual([400, 'invalid_request']);
    expect(await post(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`)).toEqual([400, 'invalid_request']);
    expect(await post(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))).toEqual([
      400,
      'invalid_request',
    ]);
    expect(await post('{"\ud800": 1}')).toEqual([422, 'validation_failed']);
    expect(await post(`{"email":"${'a'.repeat(17_000)}"}`)).toEqual([413, 'payload_too_large']);
    expect(await post('email=a', 'application/x-www-form-urlencoded')).toEqual([415, 'unsupported_media_type']);
    expect(await post('{}', 'text/plain')).toEqual([415, 'unsupported_media_type']);
    expect(await post('{}', 'application/json; charset=utf-16')).toEqual([415, 'unsupported_media_type']);
    expect(await post('{}', 'application/json', { 'content-encoding': 'gzip' })).toEqual([
      415,
      'unsupported_media_type',
    ]);
  });

  scenario('refuses junk credentials, two of them, and ones in the wrong place (R1.5, R1.6, R6.3, R11.6)', async () => {
    const ada = await member();
    const token = ada.held.accessToken ?? Object.values(ada.held.cookies)[0]!;
    const nobody = client();
    const send = async (headers: Record<string, string>, path = '/auth/me'): Promise<string | undefined> =>
      (await nobody.send('GET', path, { headers })).code;
    for (const header of [
      'Bearer',
      'Bearer ',
      'Bearer a b',
      `Basic ${token}`,
      token,
      `Bearer ${token.slice(0, -1)}`,
      `Bearer ${token}A`,
      `Bearer ${token}=`,
      `Bearer ${'x'.repeat(8000)}`,
      `Bearer ref_${'A'.repeat(43)}`,
    ]) {
      expect([header.slice(0, 40), await send({ authorization: header })]).toEqual([
        header.slice(0, 40),
        'token_invalid',
      ]);
    }
    const cookie = mode === 'jwt' ? 'at' : 'sid';
    expect(await send({ cookie: `${cookie}=${token}; ${cookie}=${token}` })).toBe('token_invalid');
    expect(await send({ cookie: `${cookie}=` })).toBe('token_invalid');
    expect(await send({ cookie: `${cookie}=%00%ff"; path=/` })).toBe('token_invalid');
    // An Authorization header wins, and the cookies beside it are ignored.
    expect(await send({ cookie: `${cookie}=${token}`, authorization: 'Bearer junk' })).toBe('token_invalid');
    expect(await send({}, `/auth/me?access_token=${token}`)).toBe('credentials_missing');
    expect((await ada.as('GET', `/auth/me?access_token=${token}`)).code).toBe('validation_failed');
    const twice = `GET /auth/me HTTP/1.1\nHost: x\nAuthorization: Bearer ${token}\nAuthorization: Bearer ${token}\nConnection: close\n\n`;
    expect(await raw(column.app.url, twice)).toMatch(/^HTTP\/1.1 400 .*"code":"invalid_request"/s);
    await expectIn(ada);
  });

  scenario('accepts each token for its own purpose alone (R1.3)', async () => {
    const ada = await member();
    if (mode === 'jwt') {
      const refresh = ada.held.refreshToken ?? ada.held.cookies.rt!;
      const access = ada.held.accessToken ?? ada.held.cookies.at!;
      expect((await client().send('GET', '/auth/me', { headers: { authorization: `Bearer ${refresh}` } })).code).toBe(
        'token_invalid',
      );
      expect(
        (await client().send('POST', '/auth/refresh', { headers: { authorization: `Bearer ${access}` } })).code,
      ).toBe('token_invalid');
    } else {
      const token = ada.held.accessToken ?? ada.held.cookies.sid!;
      expect(
        (await client().send('POST', '/auth/refresh', { body: { refreshToken: token.replace('ses_', 'ref_') } })).code,
      ).toBe('token_invalid');
    }
    expect((await ada.refresh()).status).toBe(200);
  });

  scenario('answers 404, 405 and requests that are no HTTP in one form (R11.6, R13.1)', async () => {
    const ada = transport === 'bearer' ? await member() : client();
    expect((await ada.as('GET', '/nowhere')).code).toBe('not_found');
    const put = await ada.as('PUT', '/auth/login');
    expect([put.status, put.code, put.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'POST']);
    expect((await ada.as('GET', '/auth/%ff')).status).toBeLessThan(500);
    for (const text of [
      'GET /auth/me HTTP/1.1\nHost: a\nHost: b\nConnection: close\n\n',
      'GET /auth/me HTTP/1.1\nHost: a\nTransfer-Encoding: nonsense\n\n',
      'GARBAGE\n\n',
      `GET /auth/me HTTP/1.1\nHost: a\nConnection: close\n${Array.from({ length: 120 }, (_, i) => `X-${i}: 1\n`).join('')}\n`,
      `GET /auth/me HTTP/1.1\nHost: a\nX-Long: ${'x'.repeat(20_000)}\n\n`,
    ]) {
      expect(await raw(column.app.url, text)).toMatch(
        /^HTTP\/1.1 4\d\d .*application\/problem\+json.*"code":"invalid_request"/s,
      );
    }
  });
});
