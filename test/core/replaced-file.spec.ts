import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeFile, createFile } from '../../src/core/replaced-file.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'sallyport-replaced-'));
  path = join(folder, 'list.txt');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const text = (): string => fs.readFileSync(path, 'utf8');
const mode = (): number => fs.statSync(path).mode & 0o777;

describe('a file that is made', () => {
  it('is for its owner alone, and its folder is made with it', () => {
    path = join(folder, 'deep', 'list.txt');
    createFile(path, 'A_FILE', 'one');
    expect(text()).toBe('one');
    expect(mode()).toBe(0o600);
  });

  it('stays as it is when it is there', () => {
    createFile(path, 'A_FILE', 'one');
    createFile(path, 'A_FILE', 'two');
    expect(text()).toBe('one');
    expect(fs.readdirSync(folder)).toEqual(['list.txt']);
  });
});

describe('a file that is changed', () => {
  it('may be missing', async () => {
    await changeFile(path, 'A_FILE', (before) => `${before} and one`);
    expect(text()).toBe('null and one');
    expect(mode()).toBe(0o600);
  });

  it('can be read by those who could read it before', async () => {
    createFile(path, 'A_FILE', 'one');
    fs.chmodSync(path, 0o640);
    await changeFile(path, 'A_FILE', (before) => `${before} and two`);
    expect(text()).toBe('one and two');
    expect(mode()).toBe(0o640);
  });

  it('stays its owner’s, whoever changes it', async () => {
    createFile(path, 'A_FILE', 'one');
    // Only root can give a file away, and only root may change somebody else's.
    const owner = process.getuid!() === 0 ? 65_534 : process.getuid!();
    fs.chownSync(path, owner, process.getgid!());
    await changeFile(path, 'A_FILE', () => 'two');
    expect(fs.statSync(path).uid).toBe(owner);
  });

  it('may be behind a link, which stays, and nothing is left beside it', async () => {
    createFile(path, 'A_FILE', 'one');
    const link = join(folder, 'link.txt');
    fs.symlinkSync('list.txt', link);
    await changeFile(link, 'A_FILE', () => 'two');
    expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
    expect(text()).toBe('two');
    expect(fs.readdirSync(folder)).toEqual(['link.txt', 'list.txt']);
  });

  it('stays as it is when the change fails, and can be changed again', async () => {
    createFile(path, 'A_FILE', 'one');
    const failing = changeFile(path, 'A_FILE', () => {
      throw new Error('not like this');
    });
    await expect(failing).rejects.toThrow('not like this');
    await changeFile(path, 'A_FILE', (before) => `${before} and two`);
    expect(text()).toBe('one and two');
    expect(fs.readdirSync(folder)).toEqual(['list.txt']);
  });

  it('is told under its setting when it cannot be', async () => {
    createFile(path, 'A_FILE', 'one');
    const beneathAFile = join(path, 'list.txt');
    await expect(changeFile(beneathAFile, 'A_FILE', () => 'two')).rejects.toThrow('A_FILE: the file cannot be changed');
    expect(() => createFile(beneathAFile, 'A_FILE', 'two')).toThrow('A_FILE: the file cannot be made');
  });
});
