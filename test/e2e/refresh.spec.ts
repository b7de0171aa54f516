import { inEveryColumn } from '../support/columns.js';
import { type Client, type Reply, expectIn, expectOut } from '../support/client.js';

const GRACE_MS = 10_000;

/** What an answer hands out that lasts: it tells whether two answers named the same successor. */
function successor(client: Client): string {
  const { refreshToken, accessToken, cookies } = client.held;
  return cookies.rt ?? cookies.sid ?? refreshToken ?? accessToken!;
}

async function burst(client: Client, size: number): Promise<{ tabs: Client[]; replies: Reply[] }> {
  const tabs = Array.from({ length: size }, () => client.copy());
  return { tabs, replies: await Promise.all(tabs.map((tab) => tab.refresh())) };
}

inEveryColumn({}, (column) => {
  const { member, scenario } = column;
  scenario('replaces the credential and keeps the session', async () => {
    const ada = await member();
    const before = { token: successor(ada), session: await ada.sessionId() };
    const reply = await ada.refresh();
    expect(reply.status).toBe(200);
    expect(successor(ada)).not.toBe(before.token);
    expect(await ada.sessionId()).toBe(before.session);
  });

  scenario('gives every tab that refreshes at once the same successor, and logs none out (I2)', async () => {
    const ada = await member();
    const { tabs, replies } = await burst(ada, 20);
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(new Set(tabs.map(successor)).size).toBe(1);
    for (const tab of tabs.slice(0, 3)) await expectIn(tab);
  });

  scenario('answers a repeated refresh with the same successor when the first answer was lost (I5)', async () => {
    const ada = await member();
    const retry = ada.copy();
    await ada.refresh();
    await column.app.advance(GRACE_MS - 2000);
    expect((await retry.refresh()).status).toBe(200);
    expect(successor(retry)).toBe(successor(ada));
    expect((await retry.refresh()).status).toBe(200);
  });

  scenario('notices a token that a thief used, and ends the session (I6)', async () => {
    const ada = await member();
    const thief = ada.copy();
    await thief.refresh();
    await column.app.advance(GRACE_MS + 1000);
    const owner = ada.copy();
    expect((await ada.refresh()).code).toBe('token_reused');
    for (const holder of [thief, owner]) await expectOut(holder, 'session_revoked');
    expect((await thief.refresh()).code).toBe('session_revoked');
  });

  scenario('notices the owner of a token after the thief walked on in step for a while', async () => {
    const ada = await member();
    const thief = ada.copy();
    await thief.refresh();
    await column.app.advance(GRACE_MS + 1000);
    await thief.refresh();
    expect((await ada.refresh()).code).toBe('token_reused');
    expect((await thief.refresh()).code).toBe('session_revoked');
  });

  scenario('tells a tab that slept through two refreshes to use the newer token, and ends nothing', async () => {
    const ada = await member();
    const slow = ada.copy();
    await ada.refresh();
    await ada.refresh();
    const held = JSON.stringify(slow.held);
    expect((await slow.refresh()).code).toBe('token_superseded');
    expect(JSON.stringify(slow.held)).toBe(held);
    expect((await ada.refresh()).status).toBe(200);
  });

  scenario(
    'refuses a refresh with nothing, with junk and with a token nobody issued, and ends nothing (I8)',
    async () => {
      const ada = await member();
      const nobody = column.client();
      expect((await nobody.refresh()).code).toBe('credentials_missing');
      for (const token of ['junk', `ref_${'A'.repeat(43)}`, `ses_${'A'.repeat(43)}`, 'x'.repeat(5000)]) {
        nobody.held = {
          accessToken: token,
          refreshToken: token,
          cookies: { sid: token.slice(0, 3000), rt: token.slice(0, 3000) },
        };
        expect((await nobody.refresh()).code).toBe(
          token.length > 1024 && column.transport === 'bearer' ? 'validation_failed' : 'token_invalid',
        );
      }
      expect((await ada.refresh()).status).toBe(200);
    },
  );

  scenario('never refreshes a session that was ended, however the two race (R5.3, I3)', async () => {
    for (let round = 0; round < 10; round += 1) {
      const ada = await member();
      const tab = ada.copy();
      await Promise.all([tab.refresh(), ada.copy().logout()]);
      await expectOut(ada, 'session_revoked');
      expect(await tab.standing()).not.toBe('let in');
      expect((await tab.refresh()).status).toBe(401);
    }
  });

  scenario('logs out by a token that was just replaced, too', async () => {
    const ada = await member();
    const old = ada.copy();
    await ada.refresh();
    expect((await old.copy().logout()).status).toBe(204);
    for (const holder of [ada, old]) await expectOut(holder, 'session_revoked');
  });

  scenario(
    'lets a request through that left with the token before, and ends the session when that comes too late',
    async () => {
      const ada = await member();
      const inFlight = ada.copy();
      await ada.refresh();
      await expectIn(inFlight);
      await column.app.advance(GRACE_MS + 1000);
      expect(await inFlight.standing()).toBe('token_reused');
      for (const holder of [ada, inFlight]) await expectOut(holder, 'session_revoked');
    },
    { difference: 'a replaced session token is seen on every route' },
  );

  scenario('keeps 50 tabs logged in through refreshes without end', async () => {
    const ada = await member();
    let head = ada;
    for (let round = 0; round < 3; round += 1) {
      const { tabs, replies } = await burst(head, 50);
      expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
      expect(new Set(tabs.map(successor)).size).toBe(1);
      head = tabs[49]!;
    }
  });
});
