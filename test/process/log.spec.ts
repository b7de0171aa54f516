import { freshDatabase, freshFolder, get, Program, removeFolders } from './program.js';

afterAll(async () => {
  await Program.endAll();
  await removeFolders();
});

it('the service goes on when nobody reads its log any more (L13)', async () => {
  const env = { PORT: '0', DATABASE_URL: await freshDatabase('log') };
  const server = Program.run(['main'], { cwd: await freshFolder(), env });
  const url = await server.ready();
  server.child.stdout!.destroy();
  for (let request = 0; request < 5; request += 1) expect((await get(url, '/health/ready')).status).toBe(200);
  expect(await server.stop()).toBe(0);
});
