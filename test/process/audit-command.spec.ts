import { ANN, freshDatabase, freshFolder, login, post, Program, removeFolders } from './program.js';

describe('npm run audit', () => {
  afterEach(() => Program.endAll());
  afterAll(removeFolders);

  it("lists what the service has told until it stopped, everybody's or one user's, and what was tried before there was the user (R13.5)", async () => {
    const cwd = await freshFolder();
    const env = { DATABASE_URL: await freshDatabase('audit'), PORT: '0', LOG_LEVEL: 'error' };
    const service = Program.run(['main'], { cwd, env: { ...env, LOG_LEVEL: 'info' } });
    const url = await service.ready();
    const bob = { email: 'bob@example.com', password: ANN.password };
    await post(url, '/auth/login', bob);
    await post(url, '/auth/register', ANN);
    await post(url, '/auth/register', bob);
    await login(url);
    await post(url, '/auth/login', { ...bob, password: 'not the password at all' });
    expect(await service.stop()).toBe(0);

    const listed = async (...options: string[]) => {
      const command = Program.run(['cli/audit', 'list', ...options], { cwd, env });
      expect((await command.ended).code).toBe(0);
      const entries = command.stdout.trim().split('\n').filter(Boolean);
      return entries.map((line) => JSON.parse(line) as { event: string; at: string });
    };
    const events = async (...options: string[]) => (await listed(...options)).map(({ event }) => event);
    const [failed, created] = ['authn_login_fail', 'user_created'];
    expect(await events()).toEqual([failed, created, created, 'authn_login_success', failed]);
    expect(await events('--user', 'BOB@example.com')).toEqual([failed, created, failed]);
    expect(await events('--limit', '2', '--since', '5m')).toEqual(['authn_login_success', failed]);
    expect(await events('--user', 'nobody@example.com')).toEqual([]);
    for (const { at } of await listed()) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);

    const wrong = Program.run(['cli/audit', 'list', '--since', 'yesterday'], { cwd, env });
    expect((await wrong.ended).code).toBe(2);
    expect(wrong.output).toContain('npm run audit -- list');
  });
});
