import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { generateJwk } from '../../src/keys/generated-jwk.js';
import { requireKeys } from '../../src/keys/keys-file.js';
import type { KeysOptions } from '../../src/keys/keys.options.js';
import { readSettings } from '../../src/config/read-settings.js';
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

const keysOf = (file: string): KeysOptions => ({
  inUse: true,
  algorithm: 'ES256',
  file,
  mayGenerate: false,
  mustBePrivate: true,
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

  it('is refused in production for what is meant for trying things out (R1.7, R5.9, R6.2)', async () => {
    const { code, output } = await refused({
      NODE_ENV: 'production',
      AUTH_MODE: 'jwt',
      SESSION_STORE: 'memory',
      RATE_LIMITS: 'off',
      COOKIE_SECURE: 'false',
    });
    expect(code).toBe(1);
    expect(output.match(/^ {2}- \w+/gm)).toEqual([
      '  - SESSION_STORE',
      '  - RATE_LIMITS',
      '  - JWT_ISSUER',
      '  - COOKIE_SECURE',
      '  - JWT_KEYS_FILE',
      '  - DATABASE_URL',
    ]);
  });
});

describe('a start in production', () => {
  it.each(['prod', 'Production', 'staging'])('is refused under the name of %s', async (NODE_ENV) => {
    const { code, output } = await refused({ NODE_ENV });
    expect([code, output]).toEqual([
      1,
      'The settings are not right:\n  - NODE_ENV must be one of production, development, test, or not set\n',
    ]);
  });

  it('is refused with a keys file that others may read (R1.7)', async () => {
    const file = join(cwd, 'others.json');
    await writeFile(file, JSON.stringify({ keys: [generateJwk('ES256')] }));
    const env = {
      NODE_ENV: 'production',
      AUTH_MODE: 'jwt',
      DATABASE_URL: database,
      JWT_ISSUER: 'https://auth.example.com',
      JWT_KEYS_FILE: file,
    };
    await chmod(file, 0o644);
    const { code, output } = await refused(env);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/^The settings are not right:\n {2}- JWT_KEYS_FILE: others may read the file: .*\n$/),
    ]);
    await chmod(file, 0o640);
    expect(() => requireKeys(keysOf(file), Date.now())).not.toThrow();
  });
});

describe('a setting that only looks right', () => {
  const ENCODED = 'must have its special characters percent-encoded (RFC 3986, section 2.1), as %25 for %';
  const DATABASE = 'must name one database after its host, or none';
  const NUMBER = 'must have the number of a database after its host, or nothing';
  const NETWORKS = 'must be a number of hops or a comma list of addresses and CIDR ranges';

  it.each([
    ['DATABASE_URL', 'postgres://ann:s3cret%zz@db/auth', ENCODED],
    ['DATABASE_URL', 'postgres://ann%:s3cret@db/auth', ENCODED],
    ['DATABASE_URL', 'postgres://ann:s3cret@db/%E0%A4', ENCODED],
    ['DATABASE_URL', 'postgres://ann:s3cret@db/auth/more', DATABASE],
    ['REDIS_URL', 'redis://:s3cret%zz@cache', ENCODED],
    ['REDIS_URL', 'redis://:s3cret@cache/auth', NUMBER],
    ['REDIS_URL', 'redis://:s3cret@cache/0/1', NUMBER],
    ['TRUST_PROXY', '999.999.999.999/99', NETWORKS],
    ['TRUST_PROXY', '::::', NETWORKS],
    ['TRUST_PROXY', '10.0.0.0/33', NETWORKS],
    ['TRUST_PROXY', '10.0.0.0/0', NETWORKS],
    ['TRUST_PROXY', '10.0.0.0/8/8', NETWORKS],
    ['TRUST_PROXY', '10.0.0.1/', NETWORKS],
    ['TRUST_PROXY', '2001:db8::/129', NETWORKS],
    ['TRUST_PROXY', 'fe80::1%eth0', NETWORKS],
    ['TRUST_PROXY', '64:ff9b::1.2.3.4', NETWORKS],
    ['TRUST_PROXY', 'loopback, 10.0.0', NETWORKS],
  ])('is refused: %s=%s', (name, value, rule) => {
    const { mistakes } = readSettings({ [name]: value }, false);
    expect(mistakes).toEqual([`${name} ${rule}`]);
  });

  it.each([
    ['DATABASE_URL', 'postgres://ann:s%253cret@db'],
    ['DATABASE_URL', 'postgres://ann:s3cret@db:5432/auth?sslmode=require'],
    ['REDIS_URL', 'rediss://:s%40cret@cache:6380/15'],
    ['REDIS_URL', 'redis://cache/'],
  ])('is taken: %s=%s', (name, value) => {
    expect(readSettings({ [name]: value }, false).mistakes).toEqual([]);
  });

  it.each(['10.0.0.0/8', '::1', '2001:db8::/32', '::ffff:10.0.0.1', '1::', '0.0.0.0', 'loopback, 10.1.2.3'])(
    'is taken as Express takes it: TRUST_PROXY=%s',
    (value) => {
      const { settings, mistakes } = readSettings({ TRUST_PROXY: value }, false);
      expect(mistakes).toEqual([]);
      express().set('trust proxy', settings.TRUST_PROXY);
    },
  );

  it('is told by the program in the same list, without a stack and without the value', async () => {
    const { code, output } = await refused({
      DATABASE_URL: 'postgres://ann:s3cret%zz@db/auth',
      REDIS_URL: 'redis://:s3cret@cache/auth',
      TRUST_PROXY: '999.999.999.999/99',
    });
    const list = [`DATABASE_URL ${ENCODED}`, `REDIS_URL ${NUMBER}`, `TRUST_PROXY ${NETWORKS}`];
    expect({ code, output }).toEqual({
      code: 1,
      output: `The settings are not right:\n${list.map((mistake) => `  - ${mistake}\n`).join('')}`,
    });
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

  it('says what is wrong with the embedded database, with no stack in the log or after it', async () => {
    const own = await freshFolder();
    await mkdir(join(own, '.data', 'postgres'), { recursive: true });
    await writeFile(join(own, '.data', 'postgres', 'PG_VERSION'), '9');
    const program = Program.run(['main'], { cwd: own, env: { PORT: '0' } });
    expect((await program.ended).code).toBe(1);
    expect(program.output.trim().split('\n').at(-1)).toMatch(/was made by PostgreSQL 9, and this one is/);
    expect(program.output).not.toMatch(/"level":"error"|\bat .*\.js:/);
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
