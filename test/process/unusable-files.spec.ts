import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateJwk } from '../../src/keys/generated-jwk.js';
import { digestSecret } from '../../src/oauth/clients-file.js';
import { freshDatabase, freshFolder, Program, removeFolders } from './program.js';

let cwd: string;

beforeAll(async () => {
  cwd = await freshFolder();
});

afterAll(async () => {
  await Program.endAll();
  await removeFolders();
});

interface Outcome {
  code: number | null;
  output: string;
}

async function run(entry: string, env: Record<string, string>): Promise<Outcome> {
  const program = Program.run(entry.split(' '), { cwd, env });
  const { code } = await program.ended;
  return { code, output: program.output.replace(/^Building…\n/, '') };
}

/** The whole of what is said: not a line of a log, not a line of a stack, nothing of a file. */
function refusal(...mistakes: string[]): Outcome {
  const list = mistakes.map((mistake) => `  - ${mistake}\n`).join('');
  return { code: 1, output: `The settings are not right:\n${list}` };
}

const EC = generateJwk('ES256');
const SHORT = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' });
const DIGEST = digestSecret('s3cret');
const set = (...keys: object[]): string => JSON.stringify({ keys });

/** Puts what is to be read there, and says where that is; a path alone is left as it is. */
function place(content: string | null): string {
  const path = join(cwd, randomBytes(8).toString('hex'));
  if (content !== null) writeFileSync(path, content);
  return path;
}

function folder(): string {
  const path = place(null);
  mkdirSync(path);
  return path;
}

function linkToItself(): string {
  const path = place(null);
  symlinkSync(path, path);
  return path;
}

const UNREADABLE: [what: string, path: () => string, says: string][] = [
  ['is not there', () => place(null), 'the file is not there'],
  ['is a folder', folder, 'the file cannot be read (EISDIR)'],
  ['is a link to itself', linkToItself, 'the file cannot be read (ELOOP)'],
  ['is empty', () => place(''), 'the file is not JSON'],
  ['is junk', () => place('{"keys": [{"d": "s3cret"'), 'the file is not JSON'],
];

const BAD_KEYS: [what: string, path: () => string, says: string][] = [
  ...UNREADABLE,
  ['holds no key', () => place(set()), 'the file is not a JWK set with at least one key'],
  ['holds a public key only', () => place(set({ ...EC, d: undefined })), 'key 1 has no private part'],
  ['holds a key for another algorithm', () => place(set(EC, SHORT)), 'key 2 is of kind RSA; ES256 needs EC'],
  [
    'holds two keys with one kid',
    () => place(set(EC, { ...generateJwk('ES256'), kid: EC.kid })),
    'two keys share a kid',
  ],
  ['holds no key in its time of use', () => place(set({ ...EC, retireAt: 1 })), 'no key is in its time of use'],
];

const BAD_CLIENTS: [what: string, path: () => string, says: string][] = [
  ...UNREADABLE,
  ['holds no list', () => place('{}'), 'the file is not a list of clients'],
  [
    'holds a client without an id',
    () => place(JSON.stringify([{ secretDigest: DIGEST }])),
    'client 1 has no usable id',
  ],
  [
    'holds a secret itself',
    () => place(JSON.stringify([{ id: 'orders', secretDigest: 's3cret' }])),
    'client 1 has no SHA-256 digest of a secret',
  ],
  [
    'holds a digest with a character that is none of base64url',
    () => place(JSON.stringify([{ id: 'orders', secretDigest: `!${DIGEST}` }])),
    'client 1 has no SHA-256 digest of a secret',
  ],
  [
    'holds an id twice',
    () => place(JSON.stringify([1, 2].map(() => ({ id: 'orders', secretDigest: DIGEST })))),
    'two clients share an id',
  ],
];

describe('a start in jwt mode', () => {
  it.each(BAD_KEYS)(
    'is refused in one sentence under JWT_KEYS_FILE when that file %s (R1.7)',
    async (_, path, says) => {
      const env = { AUTH_MODE: 'jwt', JWT_KEYS_FILE: path() };
      expect(await run('main', env)).toEqual(refusal(`JWT_KEYS_FILE: ${says}`));
    },
  );

  it('is refused for a short key', async () => {
    const env = { AUTH_MODE: 'jwt', JWT_ALGORITHM: 'RS256', JWT_KEYS_FILE: place(set(SHORT)) };
    expect(await run('main', env)).toEqual(refusal('JWT_KEYS_FILE: key 1 is shorter than 2048 bits'));
  });

  it('does not repeat a key that was put where the path of its file belongs', async () => {
    const outcome = await run('main', { AUTH_MODE: 'jwt', JWT_KEYS_FILE: set(EC) });
    expect(outcome).toEqual(refusal('JWT_KEYS_FILE: the file cannot be read (ENAMETOOLONG)'));
  });

  it('says where the generated file is that cannot be used, since nobody has named it', async () => {
    const own = await freshFolder();
    const path = join(own, '.data', 'jwt-keys.ES256.json');
    mkdirSync(join(own, '.data'));
    writeFileSync(path, '');
    const program = Program.run(['main'], { cwd: own, env: { AUTH_MODE: 'jwt' } });
    expect((await program.ended).code).toBe(1);
    expect(program.output).toContain(refusal(`JWT_KEYS_FILE: the file is not JSON (${path})`).output);
  });
});

describe('a start that may generate its keys', () => {
  it('is refused in one sentence, with no stack, when it cannot put them anywhere', async () => {
    const own = await freshFolder();
    writeFileSync(join(own, '.data'), 'a file where the folder belongs');
    const env = { AUTH_MODE: 'jwt', PORT: '0', LOG_LEVEL: 'error', DATABASE_URL: await freshDatabase('unusable') };
    const program = Program.run(['main'], { cwd: own, env });
    expect((await program.ended).code).toBe(1);
    expect(program.output.replace(/^Building…\n/, '')).toMatch(/^JWT_KEYS_FILE: the file cannot be made \(\w+\)\n$/);
  });
});

describe('a start in either mode', () => {
  it.each(BAD_CLIENTS)(
    'is refused in one sentence under OAUTH_CLIENTS_FILE when that file %s',
    async (_, path, says) => {
      expect(await run('main', { OAUTH_CLIENTS_FILE: path() })).toEqual(refusal(`OAUTH_CLIENTS_FILE: ${says}`));
    },
  );

  it('is refused for both files and every other mistake at once', async () => {
    const env = {
      PORT: 'abc',
      JWT_ISSUER: 'junk',
      AUTH_MODE: 'jwt',
      JWT_KEYS_FILE: place('junk'),
      OAUTH_CLIENTS_FILE: place('junk'),
    };
    expect(await run('main', env)).toEqual(
      refusal(
        'JWT_ISSUER must be a URL that begins with http:// or https://',
        'PORT must be a whole number from 0 to 65535',
        'JWT_KEYS_FILE: the file is not JSON',
        'OAUTH_CLIENTS_FILE: the file is not JSON',
      ),
    );
  });

  it('is not refused for a keys file while a setting that says how to read it is wrong', async () => {
    const env = { AUTH_MODE: 'jwt', JWT_ALGORITHM: 'none', JWT_KEYS_FILE: place(set(EC)) };
    expect(await run('main', env)).toEqual(refusal('JWT_ALGORITHM must be one of ES256, RS256, PS256, HS256'));
  });

  it('is not refused for a keys file when no JWT is honoured', async () => {
    const env = { PORT: 'abc', JWT_KEYS_FILE: place('junk') };
    expect(await run('main', env)).toEqual(refusal('PORT must be a whole number from 0 to 65535'));
  });
});

describe('a command', () => {
  const PORT = 'PORT must be a whole number from 0 to 65535';

  it('that needs the service is refused for whatever the service is', async () => {
    const env = { PORT: 'abc', AUTH_MODE: 'jwt', JWT_KEYS_FILE: place(''), OAUTH_CLIENTS_FILE: place('') };
    expect(await run('cli/user grant admin ann@example.com', env)).toEqual(
      refusal(PORT, 'JWT_KEYS_FILE: the file is not JSON', 'OAUTH_CLIENTS_FILE: the file is not JSON'),
    );
  });

  it('for the keys is refused for its own file in either mode, and for no other', async () => {
    const env = { PORT: 'abc', JWT_KEYS_FILE: place(''), OAUTH_CLIENTS_FILE: place('') };
    expect(await run('cli/keys list', env)).toEqual(refusal(PORT, 'JWT_KEYS_FILE: the file is not JSON'));
  });

  it('for the clients is refused for its own file, and for no other', async () => {
    const env = { PORT: 'abc', AUTH_MODE: 'jwt', JWT_KEYS_FILE: place(''), OAUTH_CLIENTS_FILE: folder() };
    expect(await run('cli/client list', env)).toEqual(
      refusal(PORT, 'OAUTH_CLIENTS_FILE: the file cannot be read (EISDIR)'),
    );
  });
});
