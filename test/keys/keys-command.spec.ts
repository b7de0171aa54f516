import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeysFile, jwksOf, parseKeys } from '../../src/keys/keys-file.js';
import { Program } from '../process/program.js';

let folder: string;
let keysFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
  keysFile = join(folder, 'keys.json');
  createKeysFile(keysFile, 'ES256');
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Outcome {
  code: number | null;
  output: string;
}

/** Without a database: no setting names one. */
async function keys(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const program = Program.run(['cli/keys', ...args], { cwd: folder, env: { JWT_KEYS_FILE: keysFile, ...env } });
  const { code } = await program.ended;
  return { code, output: program.output };
}

async function done(...args: string[]): Promise<string> {
  const { code, output } = await keys(args);
  expect({ code, output }).toMatchObject({ code: 0 });
  return output;
}

const entries = () => jwksOf(readFileSync(keysFile, 'utf8'));
const kids = (): string[] => entries().map(({ kid }) => kid!);

describe('npm run keys', () => {
  it('makes a missing file, for its owner’s eyes only, and then rotates its keys (R8.3)', async () => {
    rmSync(keysFile);
    await done('rotate');
    const [old] = kids();
    expect(statSync(keysFile).mode & 0o777).toBe(0o600);
    const said = await done('rotate');
    const [fresh] = kids();
    expect(said).toMatch(new RegExp(`${fresh} is published and signs from 20`));
    expect(entries()).toMatchObject([
      { kid: fresh, useFrom: expect.any(Number) },
      { kid: old, retireAt: expect.any(Number) },
    ]);
    expect(statSync(keysFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['keys.json']);
  });

  it('lists what signs, what will and until when, and nothing of the keys themselves', async () => {
    await done('rotate');
    const listed = await done('list');
    const [fresh, old] = kids();
    expect(listed).toMatch(new RegExp(`${fresh} +ES256 +from 20\\S+Z +until it is replaced`));
    expect(listed).toMatch(new RegExp(`${old} +ES256 +now, since the start +until 20\\S+Z`));
    for (const { d, x, y } of entries()) for (const part of [d, x, y]) expect(listed).not.toContain(part);
  });

  it('loses no key when it is run several times at once', async () => {
    await Promise.all([done('rotate'), done('rotate'), done('rotate')]);
    expect(parseKeys(readFileSync(keysFile, 'utf8'), 'ES256')).toHaveLength(4);
    expect(readdirSync(folder)).toEqual(['keys.json']);
  });

  it('has another key take over when the one that signs is retired', async () => {
    await done('rotate');
    const [fresh, old] = kids();
    const said = await done('retire', old!);
    expect(said).toMatch(new RegExp(`${fresh} signs now, sooner than was planned`));
    expect(said).toMatch(new RegExp(`${old} +ES256 +no more +no more, since`));
  });

  it('refuses to retire the only key, and says what to do instead', async () => {
    const [only] = kids();
    const refused = await keys(['retire', only!]);
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('rotate --now') });
    await done('rotate', '--now');
    const said = await done('retire', only!);
    expect(said).toMatch(new RegExp(`${kids()[0]} +ES256 +now, since`));
  });

  it.each<[what: string, args: string[], env: Record<string, string>, code: number, says: RegExp]>([
    ['nothing', [], {}, 2, /Usage:/],
    ['an unknown word', ['destroy'], {}, 2, /Usage:/],
    ['one word too many', ['rotate', '--now', 'please'], {}, 2, /Usage:/],
    ['a kid that is not there', ['retire', 'nobody'], {}, 1, /no key with that kid/],
    ['another algorithm than the file’s', ['list'], { JWT_ALGORITHM: 'RS256' }, 1, /kind EC; RS256 needs RSA/],
    ['settings that are wrong', ['list'], { JWT_ALGORITHM: 'none' }, 1, /JWT_ALGORITHM/],
    ['a file that is not there', ['list'], { JWT_KEYS_FILE: 'nowhere.json' }, 1, /no keys file yet/],
  ])('given %s, says so and changes nothing', async (_, args, env, code, says) => {
    const before = readFileSync(keysFile, 'utf8');
    expect(await keys(args, env)).toEqual({ code, output: expect.stringMatching(says) });
    expect(readFileSync(keysFile, 'utf8')).toBe(before);
  });

  it('leaves a file alone that the service could not use', async () => {
    writeFileSync(keysFile, '{"keys": [');
    expect(await keys(['rotate'])).toMatchObject({ code: 1, output: expect.stringContaining('not JSON') });
    expect(readFileSync(keysFile, 'utf8')).toBe('{"keys": [');
  });

  it('keeps an HS256 file with secrets only', async () => {
    rmSync(keysFile);
    createKeysFile(keysFile, 'HS256');
    const { code, output } = await keys(['rotate'], { JWT_ALGORITHM: 'HS256' });
    expect(code).toBe(0);
    for (const { kty, k } of entries()) {
      expect(kty).toBe('oct');
      expect(output).not.toContain(k);
    }
  });
});
