import { cp, mkdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshFolder, Program, removeFolders, ROOT, until } from './program.js';

const CONFIGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
const PACKAGE_CONFIGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
const PACKAGES = ['packages/verify', 'packages/embedded-postgres'];

let folder: string;

// A project with our scripts and settings, and with sources that are compiled in a moment.
beforeEach(async () => {
  folder = await freshFolder();
  for (const name of ['scripts', ...CONFIGS]) await cp(join(ROOT, name), join(folder, name), { recursive: true });
  for (const name of PACKAGES) {
    await mkdir(join(folder, name, 'src'), { recursive: true });
    for (const config of PACKAGE_CONFIGS) await cp(join(ROOT, name, config), join(folder, name, config));
    await write(`${name}/src/part.ts`, 'export const part = 1;');
  }
  await mkdir(join(folder, 'node_modules'));
  for (const name of ['.bin', '@types', 'typescript', 'undici-types']) {
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  await mkdir(join(folder, 'src'));
  await write('ormconfig.ts', 'export default 1;');
  await write('src/main.ts', `import { word } from './word.js';\nconsole.log(word);`);
  await write('src/word.ts', `export const word = 'first';`);
});

afterEach(async () => {
  await Program.endAll();
  await removeFolders();
});

describe('npm start', () => {
  it('builds the packages and the program, says so in a line, and runs it', async () => {
    expect(await start()).toEqual({ code: 0, stdout: 'first\n', output: 'Building…\nfirst\n' });
    for (const name of PACKAGES) expect(await exists(`${name}/dist/part.js`)).toBe(true);
  });

  it('does not build when nothing has changed', async () => {
    await start();
    expect((await start()).output).toBe('first\n');
  });

  it('builds again when a source has changed', async () => {
    await start();
    await write('src/word.ts', `export const word = 'second';`);
    expect((await start()).output).toBe('Building…\nsecond\n');
    expect((await start()).output).toBe('second\n');
  });

  it('builds again when a source was moved in with its old date', async () => {
    await start();
    await write('old.ts', `export const word = 'old';`);
    await utimes(join(folder, 'old.ts'), 1, 1);
    await rename(join(folder, 'old.ts'), join(folder, 'src/word.ts'));
    expect((await start()).output).toBe('Building…\nold\n');
  });

  it('keeps nothing of a source that was removed', async () => {
    await start();
    await write('src/main.ts', `console.log('alone');`);
    await rm(join(folder, 'src/word.ts'));
    await rm(join(folder, 'packages/verify/src/part.ts'));
    await write('packages/verify/src/other.ts', 'export const other = 2;');
    expect((await start()).stdout).toBe('alone\n');
    expect(await exists('dist/src/word.js')).toBe(false);
    expect(await exists('packages/verify/dist/part.js')).toBe(false);
  });

  it('builds once when two come at the same moment', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect([one.stdout, other.stdout]).toEqual(['first\n', 'first\n']);
    expect((one.output + other.output).match(/Building/g)).toHaveLength(1);
  });

  it('trusts nothing that a killed build has left, and waits for a compiler that has outlived its shell', async () => {
    await start();
    await write('src/word.ts', `export const word = 'second';`);
    const build = Program.spawn(['sh', 'scripts/build.sh'], { cwd: folder });
    await build.says(/Building/);
    await until(() => build.family().length > 1, 5000);
    build.kill('SIGKILL');
    // The source is as it was before the build, and the compiler may have written something else.
    await write('src/word.ts', `export const word = 'first';`);
    expect((await start()).output).toBe('Building…\nfirst\n');
  });

  it('does not run what could not be built, and says why on stderr', async () => {
    await start();
    await write('src/word.ts', `export const word: number = 'second';`);
    for (const again of [1, 2]) {
      const { code, stdout, output } = await start();
      expect({ again, code, stdout }).toEqual({ again, code: 1, stdout: '' });
      expect(output).toContain('src/word.ts(1,14): error TS2322');
    }
  });

  it('runs the build of an image, which has no sources', async () => {
    await start();
    await rm(join(folder, 'src'), { recursive: true });
    expect((await start()).output).toBe('first\n');
  });
});

/** What `npm start` says and how it ends, without what npm itself says. */
async function start(): Promise<{ code: number | null; stdout: string; output: string }> {
  const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const program = Program.spawn(['sh', '-c', scripts.start], { cwd: folder });
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
