import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ANN, freshFolder, get, login, post, Program, removeFolders, until } from './program.js';

const NOTHING_SET = { PORT: '0' };

afterEach(async () => {
  await Program.endAll();
  await removeFolders();
});

/** The server itself: what serves one connection is a child of it. */
const postmasterOf = (program: Program) => program.family().find(({ name }) => name === 'postgres');

const isReady = async (url: string): Promise<boolean> => (await get(url, '/health/ready')).status === 200;

it('an embedded database that is killed alone is started again, with all that was answered, for everybody who had joined it', async () => {
  const cwd = await freshFolder();
  const owner = Program.run(['main'], { cwd, env: NOTHING_SET });
  const url = await owner.ready();
  const joined = Program.run(['main'], { cwd, env: NOTHING_SET });
  const other = await joined.ready();
  for (let round = 1; round <= 2; round += 1) {
    const user = { ...ANN, email: `ann-${round}@example.com` };
    expect((await post(url, '/auth/register', user)).status).toBe(201);
    const { accessToken } = (await (
      await post(url, '/auth/login', { email: user.email, password: user.password, transport: 'bearer' })
    ).json()) as { accessToken: string };
    postmasterOf(owner)!.kill('SIGKILL');
    await until(() => owner.lines('has ended by itself').length === round, 5000);
    for (const each of [url, other]) {
      await until(() => isReady(each), 30_000);
      expect((await get(each, '/auth/me', accessToken)).status).toBe(200);
    }
  }
  expect(postmasterOf(joined)).toBeUndefined();
  expect(joined.lines('has ended by itself')).toEqual([]);
  const family = owner.family();
  expect(await joined.stop()).toBe(0);
  expect(await owner.stop()).toBe(0);
  expect(family.filter(({ isAlive }) => isAlive())).toEqual([]);
}, 90_000);

it('an embedded database that cannot be started again ends the program, with one sentence', async () => {
  const cwd = await freshFolder();
  const program = Program.run(['main'], { cwd, env: NOTHING_SET });
  const url = await program.ready();
  await post(url, '/auth/register', ANN);
  await login(url);
  const family = program.family();
  await rename(join(cwd, '.data', 'postgres'), join(cwd, '.data', 'moved-away'));
  postmasterOf(program)!.kill('SIGKILL');
  expect((await program.ended).code).toBe(1);
  const [line, ...more] = program.lines('cannot be started again');
  expect(more).toEqual([]);
  expect(JSON.parse(line!)).toMatchObject({ level: 'error', context: 'database' });
  await until(() => family.every(({ isAlive }) => !isAlive()), 2000);
}, 90_000);
