// Packs the packages and installs them as an adopter would: into examples/host, with the lowest and the highest Nest of the range,
// and into the newcomer's application of the README. Type-checks and tests what comes of it. Everything is in a temporary folder.
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'sallyport-host-'));
chmodSync(folder, 0o755);
const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const library = readJson(root, 'packages/nest/package.json');
const service = readJson(root, 'package.json');

/** The least version that a range names. */
const least = (range) => range.split(' || ')[0].replace('^', '');
const NESTS = {
  // CommonJS as well: what an older host is most likely to be.
  lowest: { type: 'commonjs', version: (name, range) => least(library.peerDependencies[name] ?? range) },
  highest: {
    type: 'module',
    version: (name, range) => service.dependencies[name] ?? service.devDependencies[name] ?? range,
  },
};

let postgres;
try {
  const tarballs = await timed('packed', pack);
  const { startEmbeddedPostgres } = await import('@sallyport/embedded-postgres');
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable: false });
  for (const [name, nest] of Object.entries(NESTS)) await checkHost(name, nest, tarballs);
  await checkNewcomer();
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The tarballs, with what must be in them and what must not. */
async function pack() {
  const workspaces = ['-w', 'packages/nest', '-w', 'packages/verify'];
  const output = await run(root, 'npm', ['pack', '--silent', '--json', ...workspaces, '--pack-destination', folder]);
  const packed = Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))));
  for (const { name, files, size, unpackedSize } of packed) {
    const paths = files.map(({ path }) => path);
    for (const path of ['LICENSE', 'README.md']) if (!paths.includes(path)) throw new Error(`${name} has no ${path}.`);
    const foreign = paths.filter(
      (path) =>
        /^dist\/(cli|edge(?!\/edge\.options\.)|health|main|app|create-app|describe-api|stop)\b/.test(path) ||
        /\.(map|tsbuildinfo)$/.test(path),
    );
    if (foreign.length > 0) throw new Error(`${name} has what is the service's: ${foreign.join(', ')}`);
    console.log(`${name}: ${paths.length} files, ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked`);
  }
  return packed.map(({ filename }) => join(folder, filename));
}

async function checkHost(name, { type, version }, tarballs) {
  const host = join(folder, name);
  cpSync(join(root, 'examples/host'), host, {
    recursive: true,
    filter: (path) => !/\/(node_modules|dist|\.data)$/.test(path),
  });
  const manifest = readJson(host, 'package.json');
  const pinned = (ranges) =>
    Object.fromEntries(Object.entries(ranges).map(([one, range]) => [one, version(one, range)]));
  const { '@sallyport/nest': _, ...dependencies } = manifest.dependencies;
  // The peers that npm would choose by itself, too.
  const peers = Object.keys(library.peerDependencies).filter((peer) => !library.peerDependenciesMeta[peer]);
  for (const peer of peers) dependencies[peer] ??= library.peerDependencies[peer];
  const devDependencies = pinned(manifest.devDependencies);
  const changed = { ...manifest, type, dependencies: pinned(dependencies), devDependencies };
  writeFileSync(join(host, 'package.json'), JSON.stringify(changed, null, 2));
  await timed(`${name}: installed`, () =>
    run(host, 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', ...tarballs]),
  );
  const nest = readJson(host, 'node_modules/@nestjs/core/package.json').version;
  await timed(`${name}: built as ${type} on Nest ${nest}`, () => run(host, 'npx', ['tsc', '-p', 'tsconfig.json']));
  if (type === 'module') {
    await timed(`${name}: type-checked for a bundler`, () =>
      run(host, 'npx', [
        'tsc',
        '--noEmit',
        '-p',
        'tsconfig.json',
        '--module',
        'esnext',
        '--moduleResolution',
        'bundler',
      ]),
    );
  }
  for (const mode of ['session', 'jwt']) {
    const env = { AUTH_MODE: mode, DATABASE_URL: await database(`${name}_${mode}`), DATA_DIR: join(host, '.data') };
    const tests = ['own-routes', 'auth-routes', 'sub-path', 'fastify', 'testing'].map(
      (test) => `dist/test/${test}.test.js`,
    );
    await timed(`${name}: tested in ${mode} mode`, () =>
      run(host, process.execPath, ['--test', '--test-concurrency=1', ...tests], env),
    );
  }
}

/** The blocks of code of a README. */
function blocksOf(...path) {
  const text = readFileSync(join(root, ...path), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language, code }));
}

/** Writes down the files that the READMEs show, compiles them, starts the application of the library's and does what is said there. */
async function checkNewcomer() {
  const shop = join(folder, 'shop');
  const blocks = blocksOf('packages/nest/README.md');
  // That of the service shows one file, of an application of its own.
  for (const [place, shown] of [
    ['.', blocks],
    ['src/service', blocksOf('README.md')],
  ]) {
    for (const { code } of shown.filter(({ language }) => language === 'ts')) {
      const path = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1];
      if (!path) throw new Error(`A snippet of the README does not say which file it is:\n${code}`);
      mkdirSync(dirname(join(shop, place, path)), { recursive: true });
      writeFileSync(join(shop, place, path), code);
    }
  }
  for (const name of ['node_modules', 'tsconfig.json', 'package.json'])
    symlinkSync(join(folder, 'highest', name), join(shop, name));
  await timed('README: compiled', () =>
    run(shop, 'npx', [
      'tsc',
      '-p',
      'tsconfig.json',
      '--preserveSymlinks',
      'false',
      '--outDir',
      'dist',
      '--rootDir',
      '.',
    ]),
  );
  const tests = blocks
    .flatMap(({ code }) => /^\/\/ (test\/\S+)\.ts$/m.exec(code)?.[1] ?? [])
    .map((path) => `dist/${path}.js`);
  await timed('README: its test', () => run(shop, process.execPath, ['--test', ...tests]));
  const commands = blocks.find(({ code }) => code.includes('curl'))?.code;
  const script = `node dist/src/main.js & trap 'kill $!' EXIT\nuntil curl -so /dev/null localhost:$PORT; do sleep 0.2; done\n${commands.replaceAll('localhost:3000', 'localhost:$PORT')}`;
  const env = { DATABASE_URL: await database('newcomer'), PORT: '34567' };
  const output = await timed('README: run', () => run(shop, 'bash', ['-euc', script], env));
  for (const shown of ['401', '"ordersOf"']) if (!output.includes(shown)) throw new Error(`No ${shown} in:\n${output}`);
}

/** A database of its own, whose owner is not called like our schema: what names no schema is to be in \`public\`. */
async function database(name) {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
  await client.query(`CREATE DATABASE ${name} OWNER ${name}`);
  await client.end();
  return Object.assign(new URL(postgres.url), { username: name, password: name, pathname: `/${name}` }).href;
}

/** What the command has printed. Throws with all of it when it fails. */
function run(cwd, command, args, env = {}) {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`));
      else resolve(stdout + stderr);
    });
  });
}

async function timed(what, act) {
  const from = performance.now();
  const result = await act();
  console.log(`${what} in ${Math.round((performance.now() - from) / 1000)} s`);
  return result;
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1000)} kB`;
}
