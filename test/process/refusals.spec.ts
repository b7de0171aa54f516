import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SETTINGS } from '../../src/config/settings.js';
import { closedPort } from '../support/closed-port.js';
import { freshDatabase, freshFolder, Program, removeFolders } from './program.js';

let cwd: string;
let database: string;

beforeAll(async () => {
  cwd = await freshFolder();
  database = await freshDatabase('refusals');
});

afterAll(async () => {
  await Program.endAll();
  await removeFolders();
});

async function refused(env: Record<string, string>): Promise<{ code: number | null; output: string; ms: number }> {
  const startedAt = performance.now();
  const program = Program.run(['main'], { cwd, env });
  const { code } = await program.ended;
  return { code, output: program.output.replace(/^Building…\n/, ''), ms: performance.now() - startedAt };
}

describe('a start with settings that are not right', () => {
  const WITHOUT_RULE = ['JWT_AUDIENCE', 'JWT_KEYS_FILE', 'OAUTH_CLIENTS_FILE', 'HOST'];

  it('is refused within five seconds, every mistake by name and rule, no value shown', async () => {
    const names = Object.keys(SETTINGS).filter((name) => !WITHOUT_RULE.includes(name));
    const env = Object.fromEntries(names.map((name) => [name, `marker-${name.length}, s3cret`]));
    const { code, output, ms } = await refused(env);
    expect(code).toBe(1);
    expect(ms).toBeLessThan(5000);
    const [head, ...mistakes] = output.trim().split('\n');
    expect(head).toBe('The settings are not right:');
    expect(mistakes.map((line) => /^ {2}- (\w+) must /.exec(line)?.[1])).toEqual(names);
    expect(output).not.toMatch(/marker|s3cret/);
  });

  it('is refused for settings that do not go together', async () => {
    const { code, output } = await refused({
      AUTH_MODE: 'jwt',
      AUTH_ACCEPT: 'session',
      SESSION_STORE: 'redis',
      SESSION_IDLE_SECONDS: '7200',
      SESSION_ABSOLUTE_SECONDS: '3600',
    });
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([
      'The settings are not right:',
      '  - SESSION_IDLE_SECONDS must not be more than SESSION_ABSOLUTE_SECONDS',
      '  - AUTH_ACCEPT must include the AUTH_MODE',
      '  - REDIS_URL must be set when SESSION_STORE is redis',
    ]);
  });

  it('is refused in production for what is meant for trying things out', async () => {
    const { code, output } = await refused({
      NODE_ENV: 'production',
      AUTH_MODE: 'jwt',
      SESSION_STORE: 'memory',
      COOKIE_SECURE: 'false',
    });
    expect(code).toBe(1);
    expect(output.match(/^ {2}- \w+/gm)).toEqual([
      '  - SESSION_STORE',
      '  - COOKIE_SECURE',
      '  - JWT_KEYS_FILE',
      '  - DATABASE_URL',
    ]);
  });
});

describe('a start that something outside stands in the way of', () => {
  it('says that the port is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    const { code, output } = await refused({ PORT: String(port), DATABASE_URL: database });
    squatter.close();
    expect(code).toBe(1);
    expect(output).toContain(`Port ${port} is taken. Stop what listens there, or set PORT to another`);
    expect(output).not.toMatch(/\n +at /);
  });

  it('says that Redis cannot be reached, without the password, while it tries again', async () => {
    const REDIS_URL = `redis://:s3cret@127.0.0.1:${await closedPort()}`;
    const env = { PORT: '0', DATABASE_URL: database, SESSION_STORE: 'redis', REDIS_URL };
    const program = Program.run(['main'], { cwd, env });
    await program.says(/Redis cannot be reached; trying again\./);
    expect(program.output).not.toContain('s3cret');
    expect(await program.stop()).toBe(0);
  });
});

describe('a start in jwt mode with a keys file that cannot be used', () => {
  // What makes a keys file unusable is in keys-file.spec.ts; here is what the program does about one.
  it('is refused in one line that holds nothing of the file', async () => {
    const files = {
      'garbled.json': '{"keys": [{"kty": "EC", "d": "s3cret"',
      'public.json': '{"keys": [{"kty": "EC", "crv": "P-256", "x": "s3cret", "y": "s3cret"}]}',
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content);
    const names = [...Object.keys(files), 'not-there.json'];
    const answers = await Promise.all(
      names.map((name) => refused({ PORT: '0', DATABASE_URL: database, AUTH_MODE: 'jwt', JWT_KEYS_FILE: name })),
    );
    expect(answers.map(({ code }) => code)).toEqual([1, 1, 1]);
    for (const { output } of answers) {
      const said = output.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
      expect(said).toEqual([expect.stringContaining('keys file')]);
      expect(output).not.toContain('s3cret');
    }
  });
});
