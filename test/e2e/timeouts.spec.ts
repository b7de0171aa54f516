import { type Client, PASSWORD, expectIn, expectOut } from '../support/client.js';
import { inEveryColumn } from '../support/columns.js';

const MINUTE = 60_000;

inEveryColumn({ SESSION_IDLE_SECONDS: '1800', SESSION_ABSOLUTE_SECONDS: '7200' }, (column) => {
  const { mode, member, scenario } = column;

  scenario('ends a session that is not used (R5.2)', async () => {
    const ada = await member();
    await column.app.advance(31 * MINUTE);
    await expectOut(ada, 'session_expired');
    expect((await ada.refresh()).code).toBe('session_expired');
  });

  scenario('says session_expired of a session that ran out, also after its user has changed the password', async () => {
    const ada = await member();
    const phone = ada.other();
    await phone.login();
    await column.app.advance(31 * MINUTE);
    await ada.login();
    expect((await ada.changePassword(PASSWORD, 'marker difference engines hum')).status).toBe(200);
    await expectOut(phone, 'session_expired');
    expect((await phone.refresh()).code).toBe('session_expired');
  });

  scenario('keeps a session that is used, up to its absolute end and not beyond (R5.2, I7)', async () => {
    const ada = await member();
    const { expiresAt } = (await ada.sessions())[0]!;
    for (let minutes = 20; minutes < 120; minutes += 20) {
      await column.app.advance(20 * MINUTE);
      expect((await ada.refresh()).status).toBe(200);
      expect((await ada.sessions())[0]!.expiresAt).toBe(expiresAt);
    }
    await column.app.advance(21 * MINUTE);
    await expectOut(ada, 'session_expired');
    expect((await ada.refresh()).code).toBe('session_expired');
  });

  scenario('counts every request as use, written at most once a minute', async () => {
    const ada = await member();
    const lastSeen = async (): Promise<string> => (await ada.sessions())[0]!.lastSeenAt;
    const atLogin = await lastSeen();
    await column.app.advance(MINUTE / 2);
    await ada.me();
    expect(await lastSeen()).toBe(atLogin);
    await column.app.advance(MINUTE);
    await ada.me();
    // In jwt mode the request does not wait for the write.
    const deadline = Date.now() + 2000;
    while ((await lastSeen()) === atLogin && Date.now() < deadline);
    expect(Date.parse(await lastSeen()) - Date.parse(atLogin)).toBeGreaterThanOrEqual(1.5 * MINUTE - 1000);
  });

  scenario('does not list a session that has run out', async () => {
    const ada = await member();
    await column.app.advance(31 * MINUTE);
    const again = ada.other();
    await again.login();
    expect(await again.sessions()).toHaveLength(1);
  });

  scenario(
    'tells the holder of an access token that ran out to refresh, and that helps (R9.8)',
    async () => {
      const ada = await member();
      await column.app.advance(301_000);
      await expectOut(ada, 'token_expired');
      expect((await ada.refresh()).status).toBe(200);
      await expectIn(ada);
    },
    { difference: 'an access token runs out before its session does' },
  );

  scenario('says how long the access token works', async () => {
    const ada = await member();
    const { body } = await ada.refresh();
    expect(body.expiresIn).toBe(mode === 'jwt' ? 300 : 1800);
  });
});

inEveryColumn({ SESSION_IDLE_SECONDS: '100', SESSION_ABSOLUTE_SECONDS: '120' }, (column) => {
  const { member, scenario } = column;

  scenario('never lets an access token outlive its session (R5.2)', async () => {
    const ada = await member();
    const expiresIn = async (client: Client): Promise<number> => {
      const { body } = await client.refresh();
      const session = body.session as { idleExpiresAt: string; expiresAt: string };
      const exp = expOf(client.held.accessToken ?? client.held.cookies.at);
      expect(exp * 1000).toBeLessThanOrEqual(
        Math.min(Date.parse(session.idleExpiresAt), Date.parse(session.expiresAt)),
      );
      return body.expiresIn;
    };
    // A token's end is a whole second, and never after that of its session.
    expect([99, 100]).toContain(await expiresIn(ada));
    await column.app.advance(70_000);
    const retry = ada.copy();
    expect(await expiresIn(ada)).toBeLessThanOrEqual(50);
    await column.app.advance(8_000);
    // The same answer again, and later.
    expect(await expiresIn(retry)).toBeLessThanOrEqual(42);
    await column.app.advance(43_000);
    await expectOut(ada, 'session_expired');
  });
});

/** When a JWT runs out, in seconds since 1970. An opaque token does not say, and ends with its session: 0. */
function expOf(token = ''): number {
  const [, payload] = token.split('.');
  return payload ? JSON.parse(Buffer.from(payload, 'base64url').toString()).exp : 0;
}
