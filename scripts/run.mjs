// node scripts/run.mjs ENTRY [ARGS...]
//
// Builds if the sources are newer than dist/src/ENTRY.js, then runs that file in this very process, so that signals reach
// the program itself and not a parent that may forget to pass them on.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const POLL_MS = 100;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const cache = join(root, 'node_modules', '.cache', 'sallyport');
const lock = join(cache, 'build.lock');
/** Stands while dist is in the making: after a kill half-way it says that what lies there is no build. */
const unfinished = join(cache, 'build.unfinished');

function main() {
  const [entry, ...args] = process.argv.slice(2);
  if (!entry) fail('Usage: node scripts/run.mjs ENTRY [ARGS...]');
  return run(entry, args);
}

async function run(entry, args) {
  const file = join(dist, 'src', `${entry}.js`);
  if (!isFresh(file)) await locked(() => isFresh(file) || build(entry, file));
  process.argv = [process.argv[0], file, ...args];
  await import(pathToFileURL(file).href);
}

function isFresh(file) {
  const built = mtime(file);
  // An image may carry the build and not the sources.
  if (built > 0 && mtime(join(root, 'src')) === 0) return true;
  return built > 0 && mtime(unfinished) === 0 && built >= newestSource();
}

/** Folders count too: a file that was removed, or moved in with its old date, shows only there. */
function newestSource() {
  const inSrc = fs.readdirSync(join(root, 'src'), { recursive: true }).map((name) => join('src', name));
  const beside = fs
    .readdirSync(root)
    .filter((name) => /^(ormconfig\.ts|package\.json|nest-cli\.json|tsconfig.*\.json)$/.test(name));
  return Math.max(...['src', ...inSrc, ...beside].map((name) => mtime(join(root, name))));
}

function mtime(path) {
  return fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

async function build(entry, file) {
  console.error('Building…');
  // As old as the sources that go in: what is edited during the build is then newer than its result.
  const readAt = (Math.max(Date.now(), Math.ceil(newestSource())) + 1) / 1000;
  fs.writeFileSync(unfinished, '');
  const { ok, output } = await nestBuild();
  if (!ok) {
    fs.rmSync(dist, { recursive: true, force: true });
    fail(output.trim());
  }
  if (mtime(file) > 0) fs.utimesSync(file, readAt, readAt);
  fs.rmSync(unfinished);
  if (mtime(file) === 0) fail(`The build made no dist/src/${entry}.js: is there a src/${entry}.ts?`);
}

async function nestBuild() {
  const command = [join(root, 'node_modules', '.bin', 'nest'), 'build'];
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  // The builder works on in dist when only its parent dies, so whoever comes next must see it, too.
  fs.appendFileSync(lock, `\n${identity(child.pid)}`);
  const interrupt = (signal) => child.kill(signal);
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const ok = await new Promise((resolve) => {
    child.once('error', (error) => resolve(((output += error.message), false)));
    child.once('close', (code, signal) => {
      if (signal) output += `The build was ended by ${signal}.`;
      resolve(code === 0);
    });
  });
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  return { ok, output };
}

/** Two builds at once would write into the same dist. */
async function locked(act) {
  fs.mkdirSync(cache, { recursive: true });
  while (!takeLock()) {
    if (!breakDeadLock()) await pause(POLL_MS);
  }
  process.once('exit', releaseLock);
  await act();
  process.off('exit', releaseLock);
  releaseLock();
}

function takeLock() {
  // Written aside and linked, so that nobody ever reads a lock without a name in it.
  const mine = `${lock}.${randomUUID()}`;
  fs.writeFileSync(mine, identity(process.pid));
  try {
    fs.linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    fs.rmSync(mine);
  }
}

/** True when the way may be free. */
function breakDeadLock() {
  const aside = `${lock}.${randomUUID()}`;
  try {
    if (isHeld(lock)) return false;
    fs.renameSync(lock, aside);
    // Between the look and the rename another may have broken the dead lock and taken a new one: that one goes back.
    if (isHeld(aside)) fs.linkSync(aside, lock);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
  return true;
}

function isHeld(path) {
  const holders = fs.readFileSync(path, 'utf8').split('\n');
  return holders.some((holder) => holder !== '' && identity(Number.parseInt(holder, 10)) === holder);
}

function releaseLock() {
  fs.rmSync(lock, { force: true });
}

/** Pid and start: a pid alone is soon given to another process. Empty when the process is gone, or a zombie. */
function identity(pid) {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0) && `${pid}`;
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : `${pid} ${fields[19]}`;
  } catch (error) {
    if (error.code === 'EPERM') return `${pid}`;
    if (error.code === 'ESRCH' || error.code === 'ENOENT') return '';
    throw error;
  }
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

await main();
