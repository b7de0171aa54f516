import { Client, PASSWORD, expectIn, expectOut } from '../support/client.js';
import { inEveryColumn, STORES } from '../support/columns.js';
import { startApp, type TestApp } from '../support/test-app.js';

const NEXT = 'marker difference engines hum';

inEveryColumn({}, ({ client, member, transport, mode, scenario }) => {
  scenario('ends every older session at a password change and gives this device a new one (R2.8)', async () => {
    const ada = await member();
    const phone = ada.other();
    await phone.login();
    const old = ada.copy();
    const changed = await ada.changePassword(PASSWORD, NEXT);
    const standings = await Promise.all([old, phone].map((dead) => dead.standing()));
    expect([changed.status, ...standings]).toEqual([200, 'session_revoked', 'session_revoked']);
    expect(changed.body.session).toMatchObject({ mode, transport });
    await expectIn(ada);
    for (const dead of [old, phone]) {
      await expectOut(dead, 'session_revoked');
      expect((await dead.refresh()).code).toBe('session_revoked');
    }
    expect((await ada.other().login(PASSWORD)).code).toBe('login_failed');
    expect((await ada.other().login(NEXT)).status).toBe(200);
  });

  scenario('changes nothing when the current password is wrong (R2.8)', async () => {
    const ada = await member();
    const refused = await ada.changePassword('marker something else entirely', NEXT);
    expect([refused.status, refused.code]).toEqual([403, 'current_password_wrong']);
    await expectIn(ada);
    expect((await ada.other().login(PASSWORD)).status).toBe(200);
  });

  scenario('leaves no session of the old password alive, however logins race the change (R2.9)', async () => {
    for (let round = 0; round < 5; round += 1) {
      const ada = await member();
      const racers = Array.from({ length: 3 }, () => ada.other());
      const [changed] = await Promise.all([
        ada.changePassword(PASSWORD, NEXT),
        ...racers.map((racer) => racer.login(PASSWORD)),
      ]);
      expect(changed.status).toBe(200);
      // Whoever was too late to log in with the old password holds nothing.
      for (const standing of await Promise.all(racers.map((racer) => racer.standing())))
        expect(['session_revoked', 'credentials_missing']).toContain(standing);
    }
  });

  scenario('refuses passwords that are short, common or made of the account, and says why (R2.1, R2.4)', async () => {
    const ada = client();
    for (const [password, reason] of [
      ['fourteen chars', 'too_short'],
      ['passwordpassword', 'too_common'],
      ['abcabcabcabcabcabc', 'too_predictable'],
      [`${ada.email}!`, 'too_predictable'],
    ] as const) {
      const refused = await ada.register(password);
      expect([refused.status, refused.code]).toEqual([422, 'password_too_weak']);
      expect(refused.body.errors).toEqual([{ pointer: '/password', code: reason, detail: expect.any(String) }]);
    }
  });

  scenario('counts characters, not bytes, and takes any of them (R2.1, R2.2)', async () => {
    expect((await client().register('\u{1F511}'.repeat(3) + 'marker keys')).code).toBe('password_too_weak');
    expect((await client().register('marker \u0000 nul and \u{1F511} key')).status).toBe(201);
    expect((await client().register(`marker ${'long '.repeat(11)}`)).status).toBe(201);
    expect((await client().register('\uFDFA'.repeat(20) + ' marker')).code).toBe('validation_failed');
    expect((await client().register('marker '.repeat(60))).code).toBe('validation_failed');
  });

  scenario('refuses text that is not well-formed where a password is set, and fails it at login (R2.3)', async () => {
    const ada = client();
    expect((await ada.register('marker lone surrogate \ud800')).code).toBe('validation_failed');
    await ada.register('marker replacement char \ufffd');
    expect((await ada.login('marker replacement char \ud800')).code).toBe('login_failed');
  });
});

describe.each(STORES)('a change of the password on %s in jwt mode', (store) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ AUTH_MODE: 'jwt', SESSION_STORE: store });
  });
  afterAll(() => app.close());

  it('lets no older access token in once it is answered, in any of twenty rounds', async () => {
    const ada = await new Client(app.url).join();
    const letIn: number[] = [];
    let password = PASSWORD;
    for (let round = 0; round < 20; round += 1) {
      const [old, phone] = [ada.copy(), ada.other()];
      expect((await phone.login(password)).status).toBe(200);
      const next = `marker engine number ${round} turns`;
      expect((await ada.changePassword(password, next)).status).toBe(200);
      const standings = await Promise.all([old, phone].map((dead) => dead.standing()));
      if (standings.some((standing) => standing !== 'session_revoked')) letIn.push(round);
      password = next;
    }
    expect(letIn).toEqual([]);
  });

  it('lets in no more, of two who change it at once, the one who was told that their session is over', async () => {
    let password = PASSWORD;
    const ada = await new Client(app.url).join();
    const letIn: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const both = [ada.other(), ada.other()];
      for (const each of both) expect((await each.login(password)).status).toBe(200);
      const answers = await Promise.all(
        both.map(async (each, i) => {
          const old = each.copy();
          const { status } = await each.changePassword(password, `marker engine ${round} of device ${i}`);
          return { i, status, standing: status === 401 ? await old.standing() : null };
        }),
      );
      letIn.push(...answers.flatMap(({ standing }) => (standing && standing !== 'session_revoked' ? [standing] : [])));
      password = `marker engine ${round} of device ${answers.find(({ status }) => status === 200)!.i}`;
    }
    expect(letIn).toEqual([]);
  });
});
