import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { areGone, ask, childrenOf, DataFolder, killIfThere, until } from './support/data-folder.js';

let folder: DataFolder;

beforeEach(async () => {
  folder = await DataFolder.make();
});

afterEach(() => folder.remove());

describe('the server of a program', () => {
  it('is gone within seconds when the program is killed, and the next start has the data', async () => {
    const owner = await folder.startElsewhere();
    await ask(owner.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const helpers = await childrenOf(owner.pid);
    expect(helpers).toHaveLength(2);
    await owner.kill();
    await until(() => areGone(helpers), 3_000);
    expect(await folder.postmasters()).toEqual([]);
    expect(await ask((await folder.start()).url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('is ended by the next start when it has lost both the program and the watchdog', async () => {
    const owner = await folder.startElsewhere();
    await ask(owner.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const [postmaster] = await folder.postmasters();
    for (const helper of await childrenOf(owner.pid)) if (helper !== postmaster) process.kill(helper, 'SIGKILL');
    await owner.kill();
    expect(await folder.postmasters()).toEqual([postmaster]);

    const { url, owned } = await folder.start();
    expect(owned).toBe(true);
    expect(await folder.postmasters()).not.toContain(postmaster);
    expect(await ask(url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('starts again when everything was killed and its pid now belongs to another program', async () => {
    const owner = await folder.startElsewhere({ durable: true });
    await ask(owner.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const everything = [owner.pid, ...(await childrenOf(owner.pid))];
    for (const pid of everything) killIfThere(pid, 'SIGKILL');
    await until(() => areGone(everything));
    // Of the same user: the programs of others are none of PostgreSQL's business.
    const { uid, gid } = await stat(folder.path);
    const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' });
    try {
      const pidFile = join(folder.path, 'postmaster.pid');
      const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n');
      await writeFile(pidFile, [stranger.pid, ...rest].join('\n'));
      expect(await ask((await folder.start()).url, 'SELECT answer FROM kept')).toBe(42);
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill();
    }
  });

  it('ends with a program that forgets to stop it, and does not keep that program alive', async () => {
    const owner = await folder.startElsewhere({ leave: true });
    if (owner.child.exitCode === null) await once(owner.child, 'exit');
    expect(owner.child.exitCode).toBe(0);
    await until(async () => (await folder.postmasters()).length === 0, 3_000);
  });

  it('outlives Ctrl-C, so that the program can close in its own order', async () => {
    const owner = await folder.startElsewhere();
    process.kill(-owner.pid, 'SIGINT');
    expect(await owner.nextLine()).toBe('closed in order');
    expect(await folder.postmasters()).toEqual([]);
  });
});
