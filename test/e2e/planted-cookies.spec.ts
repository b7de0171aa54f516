import type { Client, Reply } from '../support/client.js';
import { inEveryColumn } from '../support/columns.js';
import { expectIn, expectOut } from '../support/client.js';

const IN_COOKIES = { difference: 'cookies are only in the cookie transport' } as const;

/** Only a cookie whose name begins with `__Host-` is surely of this host: a sibling host can set the refresh cookie of jwt mode. */
inEveryColumn({}, (column) => {
  const { member, scenario } = column;

  /** The long-lived token, which is what another host would plant. */
  const longLived = ({ held: { cookies } }: Client): string => cookies['rt'] ?? cookies['sid']!;

  const refreshWith = (client: Client, ...cookies: string[]): Promise<Reply> =>
    client.send('POST', '/auth/refresh', { headers: { cookie: cookies.join('; ') } });

  const cookiesOf = ({ held: { cookies } }: Client): string[] =>
    Object.entries(cookies).map(([name, value]) => `${name}=${value}`);

  scenario(
    'a refresh cookie that another host has planted neither logs anybody out nor in (R6.3)',
    async () => {
      const [ada, eve] = [await member(), await member()];
      const sessionId = await ada.sessionId();
      for (const planted of [`rt=${longLived(eve)}`, 'rt=garbage']) {
        for (const cookies of [
          [planted, ...cookiesOf(ada)],
          [...cookiesOf(ada), planted],
        ]) {
          const reply = await refreshWith(ada, ...cookies);
          expect(reply.status).toBe(200);
          expect(reply.body.session['id']).toBe(sessionId);
        }
        const alone = await refreshWith(ada, planted);
        expect([alone.status, alone.headers.getSetCookie()]).toEqual([401, []]);
      }
      await expectIn(ada);
    },
    IN_COOKIES,
  );

  scenario(
    'a planted refresh cookie is not believed when our own is gone, and clears nothing (R6.3)',
    async () => {
      const [ada, eve, dead] = [await member(), await member(), await member()];
      const access = cookiesOf(ada).filter((cookie) => !cookie.startsWith('rt='));
      const tokens = [longLived(eve), longLived(dead)];
      await dead.logout();
      for (const token of tokens) {
        const reply = await refreshWith(ada.copy(), ...access, `rt=${token}`);
        if (column.mode === 'session') expect(reply.status).toBe(200);
        else expect([reply.code, reply.headers.getSetCookie()]).toEqual(['token_invalid', []]);
      }
      await expectIn(ada);
    },
    IN_COOKIES,
  );

  scenario(
    'our own refresh cookie is believed also when the access cookie has run out (R6.3)',
    async () => {
      const ada = await member();
      await column.app.advance(6 * 60_000);
      expect((await ada.refresh()).status).toBe(200);
      await expectIn(ada);
    },
    IN_COOKIES,
  );

  scenario(
    'what became of the session is told and the cookies are cleared, whatever was planted beside them (R6.3)',
    async () => {
      const [ada, eve] = [await member(), await member()];
      const cookies = cookiesOf(ada);
      await ada.copy().logout();
      const reply = await refreshWith(ada, `rt=${longLived(eve)}`, ...cookies);
      expect(reply.code).toBe('session_revoked');
      expect(reply.headers.getSetCookie().length).toBeGreaterThan(0);
      await expectOut(ada, 'session_revoked');
    },
    IN_COOKIES,
  );

  scenario(
    'more refresh cookies than anybody has by accident are not tried (R6.3)',
    async () => {
      const ada = await member();
      const planted = Array.from({ length: 50 }, (_, nth) => `rt=garbage${nth}`);
      const reply = await refreshWith(ada, ...planted, ...cookiesOf(ada));
      expect(reply.status).toBe(column.mode === 'session' ? 200 : 401);
      await expectIn(ada);
    },
    IN_COOKIES,
  );
});
