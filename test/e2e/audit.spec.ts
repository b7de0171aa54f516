import { createHash } from 'node:crypto';
import { AuditTrail } from '../../src/audit/audit-trail.js';
import { Client, PASSWORD } from '../support/client.js';
import { inEveryColumn } from '../support/columns.js';
import { eventually } from '../support/eventually.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { auditTrail, type AuditLine } from '../support/test-log.js';
import { grantRole, setStatus } from '../support/user-command.js';

/** Of whatever comes in a request. */
const FROM = { address: '127.0.0.1', device: 'Chrome on Windows' };
const OTHER_PASSWORD = 'marker difference engines weave';

inEveryColumn(
  { SESSION_MAX_PER_USER: '3', REFRESH_GRACE_SECONDS: '0', OAUTH_CLIENTS_FILE: ordersClientsFile() },
  (column) => {
    const { scenario } = column;

    /** What the audit trail was told while `act` went on: the lines of the log, which the rows of the table are like. */
    const told = async (act: () => Promise<unknown>): Promise<AuditLine[]> => {
      const said = auditTrail();
      await act();
      const lines = said();
      const trail = column.app.nest.get(AuditTrail, { strict: false });
      const rowsOf = async () => {
        const rows = await trail.list({ sinceMs: 60_000, limit: 10_000 });
        return lines.map(({ id }) => rows.find((row) => row.id === id));
      };
      await eventually(async () => (await rowsOf()).every((row) => row !== undefined));
      expect(await rowsOf()).toEqual(lines.map((line) => expect.objectContaining(line)));
      return lines.map((line) => {
        const { id: _, ...rest } = line;
        return rest as AuditLine;
      });
    };

    const idOf = async (client: Client): Promise<string> => (await client.me()).body.session['id'];
    const ownerOf = async (client: Client): Promise<string> => (await client.me()).body.user['id'];

    scenario('the audit trail tells of registering and logging in, by which request and from where', async () => {
      const client = column.client();
      const replies: (string | null)[] = [];
      const lines = await told(async () => {
        for (const reply of [
          await client.register(),
          await client.login('wrong horse battery staple'),
          await client.login(),
        ])
          replies.push(reply.headers.get('x-request-id'));
      });
      const userId = await ownerOf(client);
      const sessionId = await idOf(client);
      expect(lines).toEqual([
        { event: 'user_created', userId, requestId: replies[0], ...FROM },
        { event: 'authn_login_fail', userId, reason: 'password_wrong', requestId: replies[1], ...FROM },
        { event: 'authn_login_success', userId, sessionId, actor: userId, requestId: replies[2], ...FROM },
      ]);
    });

    scenario('the audit trail names each session that ends, once, with who ended it and why', async () => {
      const ada = await column.member();
      const phone = ada.other();
      await phone.login();
      const [userId, here, there] = [await ownerOf(ada), await idOf(ada), await idOf(phone)];
      const ended = { event: 'authn_token_revoked', userId, ...FROM, requestId: expect.any(String) };
      const byAda = { ...ended, actor: userId, reason: 'ended_by_user' };

      expect(await told(() => ada.as('DELETE', `/auth/sessions/${there}`))).toEqual([{ ...byAda, sessionId: there }]);
      expect(await told(() => ada.as('DELETE', `/auth/sessions/${there}`))).toEqual([]);
      expect(await told(() => phone.logout())).toEqual([]);
      await phone.login();
      const again = await idOf(phone);
      expect(await told(() => ada.as('DELETE', '/auth/sessions'))).toEqual([{ ...byAda, sessionId: again }]);
      expect(await told(() => ada.logout())).toEqual([{ ...ended, reason: 'logout', sessionId: here }]);
    });

    scenario('the audit trail names the sessions that a password change, a role and a status end', async () => {
      const ada = await column.member();
      const phone = ada.other();
      await phone.login();
      const [userId, here, there] = [await ownerOf(ada), await idOf(ada), await idOf(phone)];
      // Whoever came first ended it: the act itself, or the service, which follows the changes of users.
      const because = { event: 'authn_token_revoked', userId, reason: 'user_changed', actor: expect.any(String) };
      const endedIn = (lines: AuditLine[]) => lines.filter(({ event }) => event === 'authn_token_revoked');

      const change = await told(() => ada.changePassword(PASSWORD, OTHER_PASSWORD));
      const byAda = { actor: userId, ...FROM, requestId: expect.any(String) };
      expect(endedIn(change)).toHaveLength(2);
      for (const sessionId of [here, there])
        expect(change).toContainEqual(expect.objectContaining({ ...because, sessionId }));
      expect(change[0]).toEqual({ event: 'authn_password_change', userId, ...byAda });
      expect(change.at(-1)).toMatchObject({ event: 'authn_login_success', sessionId: await idOf(ada) });

      const fresh = await idOf(ada);
      const byCommand = { userId, actor: 'command' };
      expect(await told(() => grantRole(column.app.nest, ada.email, 'admin'))).toEqual([
        { event: 'authz_change', reason: 'role_granted admin', ...byCommand },
        { ...because, sessionId: fresh },
      ]);
      expect(await told(() => grantRole(column.app.nest, ada.email, 'admin'))).toEqual([]);
      await ada.login(OTHER_PASSWORD);
      const last = await idOf(ada);
      expect(await told(() => setStatus(column.app.nest, ada.email, 'disabled'))).toEqual([
        { event: 'authz_change', reason: 'user_disabled', ...byCommand },
        { ...because, sessionId: last },
      ]);
    });

    scenario('the audit trail tells of a session more than a user may have, and of those it cost', async () => {
      const ada = await column.member();
      const [userId, oldest] = [await ownerOf(ada), await idOf(ada)];
      for (let i = 0; i < 2; i += 1) await ada.other().login();
      const lines = await told(() => ada.other().login());
      const by = { userId, actor: userId, ...FROM, requestId: expect.any(String) };
      expect(lines).toEqual([
        { event: 'authn_token_revoked', sessionId: oldest, reason: 'evicted', ...by },
        { event: 'excess_sessions_exceeded', count: 1, ...by },
        { event: 'authn_login_success', sessionId: expect.any(String), ...by },
      ]);
    });

    scenario('the audit trail tells of a token that was used again, once for each theft', async () => {
      const ada = await column.member();
      const [thief, second, third] = [ada.copy(), ada.copy(), ada.copy()];
      const [userId, sessionId] = [await ownerOf(ada), await idOf(ada)];
      await ada.refresh();
      const by = { userId, sessionId, ...FROM, requestId: expect.any(String) };
      expect(await told(() => thief.refresh())).toEqual([
        { event: 'authn_token_reuse', reason: 'token_reused', ...by },
      ]);
      const revoked = { event: 'authn_token_refresh_fail', reason: 'revoked', ...by };
      expect(await told(() => second.refresh())).toEqual([revoked]);
      expect(await told(() => third.refresh())).toEqual([]);
    });

    scenario(
      'the audit trail knows a name that is nobody by its keyed hash alone, the same one each time',
      async () => {
        const nobody = column.client();
        const lines = await told(async () => {
          await nobody.login();
          await nobody.login();
        });
        const identifier = lines[0]!['identifier'] as string;
        const fail = { event: 'authn_login_fail', reason: 'user_unknown', identifier, ...FROM };
        expect(lines).toEqual([1, 2].map(() => ({ ...fail, requestId: expect.any(String) })));
        expect(identifier).toMatch(/^[0-9a-f]{64}$/);
        expect(identifier).not.toBe(createHash('sha256').update(nobody.email).digest('hex'));
      },
    );

    scenario('the audit trail tells which service revoked a token', async () => {
      const ada = await column.member();
      const [userId, sessionId] = [await ownerOf(ada), await idOf(ada)];
      const token = ada.held.accessToken ?? Object.values(ada.held.cookies)[0]!;
      const authorization = `Basic ${Buffer.from(`${ORDERS.id}:${ORDERS.secret}`).toString('base64')}`;
      const revoke = () =>
        fetch(`${column.app.url}/oauth/revoke`, {
          method: 'POST',
          headers: { authorization },
          body: new URLSearchParams({ token }),
        });
      expect(await told(revoke)).toEqual([
        {
          event: 'authn_token_revoked',
          ...{ userId, sessionId, reason: 'revoked_by_client', actor: `client ${ORDERS.id}` },
          ...{ address: FROM.address, device: 'node', requestId: expect.any(String) },
        },
      ]);
    });
  },
);
