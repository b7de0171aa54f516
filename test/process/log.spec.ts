import { freshDatabase, freshFolder, get, Program, removeFolders } from './program.js';

afterAll(async () => {
  await Program.endAll();
  await removeFolders();
});

it('the program goes on when nobody reads what it says any more (L13)', async () => {
  const env = { PORT: '0', DATABASE_URL: await freshDatabase('log') };
  const server = Program.run(['main'], { cwd: await freshFolder(), env });
  const url = await server.ready();
  server.child.stdout!.destroy();
  server.child.stderr!.destroy();
  for (let i = 0; i < 5; i += 1) expect((await get(url, '/auth/me')).status).toBe(401);
  for (let i = 0; i < 3; i += 1)
    expect((await fetch(`${url}/auth/login`, { method: 'POST' })).status).toBeGreaterThanOrEqual(400);
  expect((await get(url, '/health/ready')).status).toBe(200);
  expect(await server.stop()).toBe(0);
});
