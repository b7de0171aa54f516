import { rmSync } from 'node:fs';

export default async function stop() {
  const { folder, postgres, redis } = globalThis.sallyportTest;
  redis?.kill('SIGKILL');
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
