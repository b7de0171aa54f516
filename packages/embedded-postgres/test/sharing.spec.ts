import { ask, childrenOf, DataFolder, killIfThere, type Owner } from './support/data-folder.js';

let folder: DataFolder;

beforeEach(async () => {
  folder = await DataFolder.make();
});

afterEach(() => folder.remove());

describe('several programs on one folder', () => {
  it('share a running server, and who joined leaves it running', async () => {
    const owner = await folder.startElsewhere();
    const joined = await folder.start();
    expect(joined).toMatchObject({ owned: false, url: owner.url });
    await joined.stop();
    expect(await ask(owner.url, 'SELECT 1')).toBe(1);
  });

  it('that come at the same moment to nothing: exactly one starts it, the others join', async () => {
    await expectOneServer(await startAtOnce(5, { database: 'new' }));
  });

  it('that come at the same moment after everything was killed: exactly one starts it, the others join', async () => {
    await killEverything([await folder.startElsewhere()]);
    for (let round = 0; round < 4; round++) {
      const programs = await startAtOnce(5);
      await expectOneServer(programs);
      await killEverything(programs);
    }
  });

  it('do not wait for the old server to be gone when its owner was killed', async () => {
    for (let round = 0; round < 3; round++) {
      const owner = await folder.startElsewhere();
      expect(owner.owned).toBe(true);
      await ask(owner.url, `CREATE TABLE round_${round} AS SELECT 1`);
      await owner.kill();
    }
    const { url, owned } = await folder.start();
    expect(owned).toBe(true);
    expect(await ask(url, `SELECT count(*)::int FROM pg_tables WHERE tablename LIKE 'round%'`)).toBe(3);
  });

  it('are all served when the one that starts the server is killed in the middle of it', async () => {
    await (await folder.start()).stop();
    for (let round = 0; round < 3; round++) {
      const first = folder.spawnProgram();
      const others = startAtOnce(3);
      while ((await folder.postmasters()).length === 0) await new Promise(setImmediate);
      first.kill('SIGKILL');
      const programs = await others;
      // The others may have joined the first one's server a moment before it died.
      const { url } = await folder.start();
      expect(await ask(url, 'SELECT 1')).toBe(1);
      expect(await folder.postmasters()).toHaveLength(1);
      await killEverything(programs);
    }
  });

  it('get a server also while another is stopping it', async () => {
    for (let round = 0; round < 5; round++) {
      const leaving = await folder.start();
      const [next] = await Promise.all([folder.start(), leaving.stop()]);
      // Joined a moment before it stopped: then the database is lost, and the next start has it again.
      if (!next.owned) continue;
      expect(await ask(next.url, 'SELECT 1')).toBe(1);
      await next.stop();
    }
    expect(await ask((await folder.start()).url, 'SELECT 1')).toBe(1);
  });
});

function startAtOnce(count: number, options = {}): Promise<Owner[]> {
  return Promise.all(Array.from({ length: count }, () => folder.startElsewhere(options)));
}

async function expectOneServer(programs: Owner[]): Promise<void> {
  expect(programs.filter(({ owned }) => owned)).toHaveLength(1);
  expect(new Set(programs.map(({ url }) => url)).size).toBe(1);
  expect(await folder.postmasters()).toHaveLength(1);
}

/** The programs, the server and its watchdog, so that a stale postmaster.pid is left behind. */
async function killEverything(programs: Owner[]): Promise<void> {
  const helpers = (await Promise.all(programs.map(({ pid }) => childrenOf(pid)))).flat();
  for (const pid of [...helpers, ...programs.map((program) => program.pid)]) killIfThere(pid, 'SIGKILL');
}
