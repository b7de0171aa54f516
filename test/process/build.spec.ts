import { cp, mkdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshFolder, Program, removeFolders, ROOT, until } from './program.js';

const CONFIGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
const PACKAGES = ['packages/verify', 'packages/embedded-postgres'];

let folder: string;

// A project with our scripts and settings, and with sources that are compiled in a moment. One folder for the whole story.
beforeAll(async () => {
  folder = await freshFolder();
  for (const name of ['scripts', ...CONFIGS]) await cp(join(ROOT, name), join(folder, name), { recursive: true });
  for (const name of PACKAGES) {
    await mkdir(join(folder, name, 'src'), { recursive: true });
    for (const config of CONFIGS) await cp(join(ROOT, name, config), join(folder, name, config));
    await write(`${name}/src/part.ts`, 'export const part = 1;');
  }
  await mkdir(join(folder, 'node_modules'));
  for (const name of ['.bin', '@types', 'typescript', 'undici-types']) {
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  await mkdir(join(folder, 'src'));
  await write('ormconfig.ts', 'export default 1;');
  await write('src/main.ts', `import { word } from './word.js';\nconsole.log(word);`);
  await say('first');
});

afterAll(async () => {
  await Program.endAll();
  await removeFolders();
});

describe('npm start', () => {
  it('builds the packages and the program once when two come at the same moment, and runs the program', async () => {
    const starts = await Promise.all([start(), start()]);
    expect(starts.map(({ code }) => code)).toEqual([0, 0]);
    expect(starts.map(({ output }) => output).sort()).toEqual(['Building…\nfirst\n', 'first\n']);
    for (const name of PACKAGES) expect(await exists(`${name}/dist/part.js`)).toBe(true);
  });

  it('does not build when nothing has changed', async () => {
    expect((await start()).output).toBe('first\n');
  });

  it('builds again when a source has changed', async () => {
    await say('second');
    expect((await start()).output).toBe('Building…\nsecond\n');
    expect((await start()).output).toBe('second\n');
  });

  it('builds again when a source was moved in with its old date', async () => {
    await write('old.ts', `export const word = 'old';`);
    await utimes(join(folder, 'old.ts'), 1, 1);
    await rename(join(folder, 'old.ts'), join(folder, 'src/word.ts'));
    expect((await start()).output).toBe('Building…\nold\n');
  });

  it('does not run what could not be built, and says why on stderr', async () => {
    await write('src/word.ts', `export const word: number = 'third';`);
    for (const attempt of [1, 2]) {
      const { code, stdout, output } = await start();
      expect({ attempt, code: code === 0, stdout }).toEqual({ attempt, code: false, stdout: '' });
      expect(output).toContain('src/word.ts(1,14): error TS2322');
    }
  });

  it('trusts nothing that a killed build has left', async () => {
    await say('fourth');
    await start();
    await say('fifth');
    for (const member of (await buildHalfway()).family()) member.kill('SIGKILL');
    await write('dist/src/word.js', `export const word = 'half`);
    await say('fourth');
    expect((await start()).output).toBe('Building…\nfourth\n');
  });

  it('waits for a compiler that has outlived its build', async () => {
    await say('sixth');
    const build = await buildHalfway();
    const compiler = compilerOf(build);
    compiler!.kill('SIGSTOP');
    build.kill('SIGKILL');
    const next = spawnStart();
    await until(async () => (await next).family().some(({ name }) => name === 'flock'), 5000);
    compiler!.kill('SIGCONT');
    await (
      await next
    ).ended;
    expect((await next).output).toBe('Building…\nsixth\n');
  });

  it('keeps nothing of a source that was removed', async () => {
    await write('src/main.ts', `console.log('alone');`);
    await rm(join(folder, 'src/word.ts'));
    await rename(join(folder, 'packages/verify/src/part.ts'), join(folder, 'packages/verify/src/other.ts'));
    expect((await start()).stdout).toBe('alone\n');
    for (const stale of ['dist/src/word.js', 'packages/verify/dist/part.js']) expect(await exists(stale)).toBe(false);
  });

  it('runs the build of an image, which has no sources', async () => {
    await rm(join(folder, 'src'), { recursive: true });
    expect((await start()).output).toBe('alone\n');
  });
});

async function say(word: string): Promise<void> {
  await write('src/word.ts', `export const word = '${word}';`);
}

/** A build whose compiler runs. */
async function buildHalfway(): Promise<Program> {
  const build = Program.spawn(['sh', 'scripts/build.sh'], { cwd: folder });
  await build.says(/Building/);
  await until(() => compilerOf(build) !== undefined, 5000);
  return build;
}

/** Newer versions of Node give their main thread a name. */
function compilerOf(build: Program): ReturnType<Program['family']>[number] | undefined {
  return build.family().find(({ name }) => /^(node|MainThread)/.test(name));
}

async function spawnStart(): Promise<Program> {
  const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return Program.spawn(['sh', '-c', scripts.start], { cwd: folder });
}

/** What `npm start` says and how it ends, without npm's own words. */
async function start(): Promise<{ code: number | null; stdout: string; output: string }> {
  const program = await spawnStart();
  const { code } = await program.ended;
  return { code, stdout: program.stdout, output: program.output };
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(join(folder, path), `${text}\n`);
}

async function exists(path: string): Promise<boolean> {
  return stat(join(folder, path)).then(
    () => true,
    () => false,
  );
}
