import { once } from 'node:events';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, DataFolder, until } from './support/data-folder.js';

let folder: DataFolder;

beforeEach(async () => {
  folder = await DataFolder.make();
});

afterEach(() => folder.remove());

describe('the embedded PostgreSQL', () => {
  it('starts on nothing, durably, and makes the database that was asked for', async () => {
    const { url, owned } = await folder.start({ durable: true, database: 'doors "and" keys' });
    expect(owned).toBe(true);
    expect(await ask(url, 'SELECT current_database()')).toBe('doors "and" keys');
    expect(await ask(url, 'SHOW fsync')).toBe('on');
    expect(await ask(url, 'SHOW server_version')).toMatch(/^18\./);
  });

  it('keeps the data from one start to the next', async () => {
    const first = await folder.start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await folder.postmasters()).toEqual([]);
    expect(await ask((await folder.start()).url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('gives up durability for speed when told to', async () => {
    const { url } = await folder.start();
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      expect(await ask(url, `SHOW ${setting}`)).toBe('off');
    }
  });

  it('lets nobody in without the password, which only its user can read', async () => {
    const { url } = await folder.start();
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(folder.path)).mode & 0o077).toBe(0);
    expect((await stat(join(folder.path, 'sallyport.password'))).mode & 0o077).toBe(0);
  });

  it('survives a kill in the middle of making the cluster, at whatever moment, and tidies up', async () => {
    for (const files of [0, 5, 15]) {
      const child = folder.spawnProgram();
      await until(async () => (await draftSizes()).some((size) => size > files));
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await inParent()).not.toContain('postgres');
    }
    expect(await ask((await folder.start()).url, 'SELECT 1')).toBe(1);
    expect(await inParent()).toEqual(['postgres']);
  });

  it('says in a sentence why it will not touch a folder', async () => {
    await mkdir(folder.path, { recursive: true });
    await writeFile(join(folder.path, 'letters.txt'), 'dear');
    await expect(folder.start()).rejects.toThrow('is not empty and holds no database');
    await writeFile(join(folder.path, 'PG_VERSION'), '15\n');
    await expect(folder.start()).rejects.toThrow('was made by PostgreSQL 15');
    await writeFile(join(folder.path, 'PG_VERSION'), '18\n');
    await expect(folder.start()).rejects.toThrow('holds a database without sallyport.password');
    expect(await readFile(join(folder.path, 'letters.txt'), 'utf8')).toBe('dear');
  });

  it('takes an empty folder, and not a file in its place', async () => {
    await mkdir(folder.parent, { recursive: true });
    await writeFile(join(folder.parent, 'file'), '');
    await expect(folder.start({ dataDir: join(folder.parent, 'file') })).rejects.toThrow('holds no database');
    await mkdir(folder.path);
    expect((await folder.start()).owned).toBe(true);
  });
});

async function inParent(): Promise<string[]> {
  return readdir(folder.parent).catch(() => []);
}

/** How many entries each half-made cluster has. */
async function draftSizes(): Promise<number[]> {
  const drafts = (await inParent()).filter((name) => name.startsWith('postgres.initdb-'));
  return Promise.all(
    drafts.map(async (draft) => (await readdir(join(folder.parent, draft, 'data')).catch(() => [])).length),
  );
}
