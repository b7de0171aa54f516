import { setTimeout as pause } from 'node:timers/promises';
import { ask, DataFolder, until } from './support/data-folder.js';

let folder: DataFolder;

beforeEach(async () => {
  folder = await DataFolder.make();
});

afterEach(() => folder.remove());

const killServer = async (): Promise<number> => {
  const [postmaster] = await folder.postmasters();
  process.kill(postmaster!, 'SIGKILL');
  return postmaster!;
};

/** The server answers, and is not that one. */
const isBack = async (url: string, killed: number): Promise<boolean> => {
  const [postmaster] = await folder.postmasters();
  return postmaster !== undefined && postmaster !== killed && (await ask(url, 'SELECT 1').catch(() => 0)) === 1;
};

describe('a server that ends by itself', () => {
  it('is started again at the same place, with the data, as often as it takes', async () => {
    let restarts = 0;
    const { url } = await folder.start({ durable: true, onRestart: () => (restarts += 1) });
    await ask(url, 'CREATE TABLE kept (round integer)');
    for (let round = 1; round <= 3; round += 1) {
      await ask(url, `INSERT INTO kept VALUES (${round})`);
      const killed = await killServer();
      await until(() => isBack(url, killed), 20_000);
      expect(await ask(url, 'SELECT count(*)::integer FROM kept')).toBe(round);
      expect(restarts).toBe(round);
    }
  }, 60_000);

  it('is started again by its owner, and a program that comes meanwhile joins it', async () => {
    const owner = await folder.startElsewhere();
    const joined = await folder.start();
    for (let round = 0; round < 3; round += 1) {
      const killed = await killServer();
      const late = await Promise.all([folder.startElsewhere(), folder.start(), pause(20).then(() => folder.start())]);
      expect(late.map(({ owned, url }) => [owned, url])).toEqual(late.map(() => [false, owner.url]));
      const postmasters = await folder.postmasters();
      expect(postmasters).toHaveLength(1);
      expect(postmasters).not.toContain(killed);
      expect(await ask(joined.url, 'SELECT 1')).toBe(1);
    }
  }, 60_000);

  it('is its owner’s to start again: a program that comes meanwhile waits, also for an owner who is slow', async () => {
    const owner = await folder.startElsewhere();
    owner.child.kill('SIGSTOP');
    await killServer();
    const newcomer = folder.start();
    await pause(2000);
    expect(await folder.postmasters()).toEqual([]);
    owner.child.kill('SIGCONT');
    expect(await newcomer).toMatchObject({ owned: false, url: owner.url });
  });

  it('stays ended when it is stopped while it is started again', async () => {
    const stopped = new Promise<void>((resolve) => {
      const server = folder.start({ onRestart: () => void server.then(({ stop }) => stop()).then(resolve) });
      void server.then(killServer);
    });
    await stopped;
    expect(await folder.postmasters()).toEqual([]);
    expect((await folder.start()).owned).toBe(true);
  });
});
