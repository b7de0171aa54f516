import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANN, freshFolder, get, login, post, Program, removeFolders, ROOT, until } from './program.js';

afterAll(async () => {
  await Program.endAll();
  await removeFolders();
});

// One folder and one database for the whole story, in the order in which somebody would live through it.
describe('on a machine where nothing is set', () => {
  let folder: string;
  let server: Program;
  let url: string;
  let token: string;

  beforeAll(async () => {
    folder = await freshFolder();
    // Only the port, which another program on this machine may have taken; and in this way the file is read, too.
    await writeFile(join(folder, '.env'), 'PORT=0\n');
    server = Program.run(['main'], { cwd: folder });
    url = await server.ready();
  });

  it('starts in session mode on a database of its own, and says in one line where to look', async () => {
    const [line, ...more] = server.lines('Ready in');
    expect(more).toEqual([]);
    expect(JSON.parse(line!).message).toMatch(
      /^Ready in session mode, sessions in postgres: open http:\/\/localhost:\d+\/docs$/,
    );
    expect((await get(url, '/docs')).status).toBe(200);
  });

  it('writes nothing but one JSON object a line', () => {
    expect(server.output.trim().split('\n').filter(isNoJsonObject)).toEqual([]);
  });

  it('is ready when it says so', async () => {
    const response = await get(url, '/health/ready');
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it('registers and logs in', async () => {
    expect((await post(url, '/auth/register', ANN)).status).toBe(201);
    ({ token } = await login(url));
    expect((await get(url, '/auth/me', token)).status).toBe(200);
  });

  it('tells of a request and of what it did by one id, and of the trace that it is a part of (R13.4)', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const response = await fetch(`${url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${trace}-00f067aa0ba902b7-01` },
      body: JSON.stringify({ email: ANN.email, password: 'not the password at all' }),
    });
    const requestId = response.headers.get('x-request-id')!;
    await until(() => server.lines(requestId).length === 2, 2000);
    expect(server.lines(requestId).map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ context: 'audit', event: 'authn_login_fail', requestId }),
      expect.objectContaining({ context: 'request', route: '/auth/login', status: 401, requestId, traceId: trace }),
    ]);
  });

  it('lets a second start join its database, and outlives it', async () => {
    const second = Program.run(['main'], { cwd: folder });
    const other = await second.ready();
    expect(other).not.toBe(url);
    expect((await get(other, '/auth/me', token)).status).toBe(200);
    expect(await second.stop()).toBe(0);
    expect((await get(url, '/auth/me', token)).status).toBe(200);
  });

  describe('the user command, beside the running server', () => {
    const user = (...args: string[]): Program => Program.run(['cli/user', ...args], { cwd: folder });

    it('makes the first admin, and ends the sessions that were opened without the role (R12.5)', async () => {
      const command = user('grant', 'admin', 'Ann@Example.COM');
      expect(await command.ended).toEqual({ code: 0, signal: null });
      expect(command.output).toContain('"event":"authz_change"');
      expect(command.output).toContain('\nann@example.com: active, roles user, admin\n');
      expect((await get(url, '/auth/me', token)).status).toBe(401);
      ({ token } = await login(url));
      const page = (await (await get(url, '/users', token)).json()) as { items: object[] };
      expect(page.items).toEqual([expect.objectContaining({ email: ANN.email, roles: ['user', 'admin'] })]);
    });

    it('takes the role away again', async () => {
      const command = user('take', 'admin', ANN.email);
      expect(await command.ended).toEqual({ code: 0, signal: null });
      ({ token } = await login(url));
      const page = (await (await get(url, '/users', token)).json()) as { items: object[] };
      expect(page.items).toEqual([{ id: expect.any(String), name: ANN.name }]);
    });

    it('keeps a disabled user out, with the sessions that are open, until the user is enabled', async () => {
      expect((await user('disable', ANN.email).ended).code).toBe(0);
      expect((await get(url, '/auth/me', token)).status).toBe(401);
      expect((await login(url)).status).toBe(401);
      expect((await user('enable', ANN.email).ended).code).toBe(0);
      expect((await login(url)).status).toBe(200);
    });

    it('ends with an error for somebody who is not there', async () => {
      const command = user('grant', 'admin', 'nobody@example.com');
      expect((await command.ended).code).toBe(1);
      expect(command.output).toBe('There is no user with that e-mail.\n');
    });

    it('shows how it is used when it is used in another way', async () => {
      const commands = [user(), user('promote', ANN.email), user('grant', 'ADMIN!', ANN.email), user('disable')];
      for (const command of commands) {
        expect((await command.ended).code).toBe(2);
        expect(command.stdout).toBe('');
        expect(command.output).toMatch(/^Usage:/);
      }
    });
  });

  it('leaves nothing running two seconds after kill -9, and has the data at the next start', async () => {
    const family = server.family();
    expect(family.map(({ name }) => name)).toContain('postgres');
    server.kill('SIGKILL');
    await until(() => family.every(({ isAlive }) => !isAlive()), 2000);

    server = Program.run(['main'], { cwd: folder });
    url = await server.ready();
    expect((await login(url)).status).toBe(200);
  });

  it('stops at SIGTERM with 0 and leaves nothing running', async () => {
    const family = server.family();
    expect(await server.stop()).toBe(0);
    expect(family.filter(({ isAlive }) => isAlive())).toEqual([]);
    expect(server.lines('"level":"error"')).toEqual([]);
  });

  it('answers the user command with no server running, and leaves nothing running', async () => {
    const command = Program.run(['cli/user', 'grant', 'admin', ANN.email], { cwd: folder });
    await until(() => command.family().some(({ name }) => name === 'postgres'), 20_000);
    const family = command.family();
    expect((await command.ended).code).toBe(0);
    expect(family.filter(({ isAlive }) => isAlive())).toEqual([]);
  });

  it('ends with 0 at Ctrl-C under npm, which delivers it twice', async () => {
    // The real `npm start`; the links let it run here rather than among the sources.
    for (const name of ['package.json', 'scripts', 'dist']) await symlink(join(ROOT, name), join(folder, name));
    const npm = Program.spawn(['npm', 'start'], { cwd: folder });
    await npm.ready();
    const family = npm.family();
    expect(family.map(({ name }) => name)).toContain('postgres');
    npm.interruptGroup();
    expect(await npm.ended).toEqual({ code: 0, signal: null });
    await until(() => family.every(({ isAlive }) => !isAlive()), 2000);
    expect(npm.output).not.toMatch(/npm (ERR|error)/i);
  });
});

function isNoJsonObject(line: string): boolean {
  return !/^\{.*\}$/.test(line);
}
