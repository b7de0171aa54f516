import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestSecret, type OauthClient, parseClients } from '../../src/oauth/clients-file.js';
import { Program } from '../process/program.js';

let folder: string;
let clientsFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-clients-'));
  clientsFile = join(folder, 'own', 'clients.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Without a database: no setting names one. */
async function client(...args: string[]): Promise<{ code: number | null; output: string }> {
  const program = Program.run(['cli/client', ...args], { cwd: folder, env: { OAUTH_CLIENTS_FILE: clientsFile } });
  const { code } = await program.ended;
  return { code, output: program.output.replace(/^Building…\n/, '') };
}

const entries = (): OauthClient[] => parseClients(readFileSync(clientsFile, 'utf8'));

describe('npm run client', () => {
  it('makes a missing file, for its owner’s eyes only, and keeps of a secret the digest alone', async () => {
    const { code, output } = await client('add', 'orders');
    const [, secret] = /^CLIENT_ID=orders\nCLIENT_SECRET=(\S+)\n$/.exec(output) ?? [];
    expect(code).toBe(0);
    expect(entries()).toEqual([{ id: 'orders', name: 'orders', secretDigest: digestSecret(secret!) }]);
    expect(statSync(clientsFile).mode & 0o777).toBe(0o600);
  });

  it('loses no client when it is run several times at once', async () => {
    const names = ['one', 'two', 'three', 'four', 'five'];
    const outcomes = await Promise.all(names.map((name) => client('add', name)));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(entries().map(({ id }) => id)).toEqual(expect.arrayContaining(names));
    expect((await client('list')).output.trim().split('\n')).toHaveLength(5);
  });

  it('removes a client, and refuses what it cannot do in one sentence', async () => {
    expect(await client('list')).toEqual({ code: 0, output: '\n' });
    await client('add', 'orders');
    expect(await client('add', 'orders')).toEqual({ code: 1, output: 'There is a client of that name.\n' });
    expect(await client('remove', 'orders')).toEqual({ code: 0, output: 'orders may not ask any more.\n' });
    expect(await client('remove', 'orders')).toEqual({ code: 1, output: 'There is no client of that name.\n' });
    for (const args of [
      [],
      ['add'],
      ['list', 'orders'],
      ['add', 'orders', 'please'],
      ['add', 'a b'],
      ['destroy', 'orders'],
    ]) {
      expect(await client(...args)).toEqual({ code: 2, output: expect.stringContaining('Usage:') });
    }
  });
});
