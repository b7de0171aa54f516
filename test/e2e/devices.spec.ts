import { PASSWORD, expectIn, expectOut } from '../support/client.js';
import { inEveryColumn } from '../support/columns.js';

inEveryColumn({ SESSION_MAX_PER_USER: '4' }, ({ mode, transport, member, scenario }) => {
  scenario('lists my devices by name, and which of them this is (R5.6)', async () => {
    const ada = await member();
    const phone = ada.other();
    phone.headers = { 'user-agent': 'curl/8.0' };
    await phone.login();
    const devices = await ada.sessions();
    expect(devices).toHaveLength(2);
    expect(devices.find(({ current }) => current)).toEqual({
      id: expect.any(String),
      current: true,
      device: 'Chrome on Windows',
      ip: '127.0.0.1',
      createdAt: expect.any(String),
      lastSeenAt: expect.any(String),
      idleExpiresAt: expect.any(String),
      expiresAt: expect.any(String),
      mode,
      transport,
    });
    expect(devices.find(({ current }) => !current)!.device).toBe('curl');
  });

  scenario('ends one device and leaves the others (R5.6)', async () => {
    const ada = await member();
    const [phone, tablet] = [ada.other(), ada.other()];
    await phone.login();
    await tablet.login();
    expect((await ada.as('DELETE', `/auth/sessions/${await phone.sessionId()}`)).status).toBe(204);
    await expectOut(phone, 'session_revoked');
    expect((await phone.refresh()).code).toBe('session_revoked');
    await expectIn(tablet);
  });

  scenario('ends all others, or this one too (R5.6)', async () => {
    const ada = await member();
    const [phone, tablet] = [ada.other(), ada.other()];
    await phone.login();
    await tablet.login();
    expect((await ada.as('DELETE', '/auth/sessions')).body).toEqual({ ended: 2 });
    for (const device of [phone, tablet]) await expectOut(device, 'session_revoked');
    await expectIn(ada);
    await phone.login();
    expect((await ada.as('DELETE', '/auth/sessions?include=current')).body).toEqual({ ended: 2 });
    await expectOut(ada, 'session_revoked');
    await expectOut(phone, 'session_revoked');
  });

  scenario('answers 404 alike for a foreign session, a dead one and no id at all (R12.2)', async () => {
    const ada = await member();
    const bob = await member();
    const phone = ada.other();
    await phone.login();
    const dead = await phone.sessionId();
    await phone.logout();
    for (const id of [await bob.sessionId(), dead, '01a1fc86-d8a1-75b3-9b46-1282e39c6d54', 'junk', '%00', '%ff']) {
      const { status, code } = await ada.as('DELETE', `/auth/sessions/${id}`);
      expect([404, 400]).toContain(status);
      if (status === 404) expect(code).toBe('not_found');
    }
    await expectIn(bob);
  });

  scenario('keeps the limit exactly when thirty log in at once, and lets the newest in (R5.7)', async () => {
    const ada = await member();
    const logins = Array.from({ length: 30 }, () => ada.other());
    // Hashing is bounded, and a login that does not get its turn is told to come again.
    const enter = async (device: (typeof logins)[number]): Promise<void> => {
      for (;;) {
        const { status } = await device.login();
        if (status === 200) return;
        expect(status).toBe(503);
      }
    };
    await Promise.all(logins.map(enter));
    const standings = await Promise.all(logins.map((device) => device.standing()));
    expect(standings.filter((standing) => standing === 'let in')).toHaveLength(4);
    expect(standings.filter((standing) => standing === 'session_revoked')).toHaveLength(26);
    await expectOut(ada, 'session_revoked');
  });
});

inEveryColumn({ SESSION_MAX_PER_USER: '3', SESSION_LIMIT_POLICY: 'reject' }, ({ member, scenario }) => {
  scenario('refuses the login beyond the limit where the policy is to reject', async () => {
    const ada = await member();
    const others = [ada.other(), ada.other(), ada.other()];
    expect((await others[0]!.login()).status).toBe(200);
    expect((await others[1]!.login()).status).toBe(200);
    const refused = await others[2]!.login(PASSWORD);
    expect(refused.status).toBe(409);
    expect(refused.code).toBe('session_limit_reached');
    await ada.logout();
    expect((await others[2]!.login()).status).toBe(200);
  });
});
