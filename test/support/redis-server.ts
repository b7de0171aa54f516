import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const NO_REDIS =
  'Redis tests skipped: no valkey-server or redis-server on PATH. apt-get install -y redis-server';

/** The path of the server to start, or null when there is none. */
export function findRedisServer(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = ['valkey-server', 'redis-server'].flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

const KEEPS_NOTHING = ['--dir', tmpdir(), '--save', '', '--appendonly', 'no'];

/**
 * A Redis of our own on a free port, that keeps nothing unless its settings say so. It goes when this process does, whatever
 * becomes of it.
 */
export class RedisServer {
  private process: ChildProcess | null = null;

  private constructor(
    private readonly program: string,
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  static async start(settings: readonly string[] = KEEPS_NOTHING): Promise<RedisServer> {
    const program = findRedisServer();
    if (!program) throw new Error(NO_REDIS);
    const server = new RedisServer(program, await freePort(), settings);
    await server.resume();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it (again) on the same port, with what its settings made it keep. */
  async resume(): Promise<void> {
    const where = ['--port', String(this.port), '--bind', '127.0.0.1'];
    const server = spawn(this.program, [...where, ...this.settings], { stdio: 'ignore' });
    this.process = server;
    watchOver(server.pid!);
    while (!(await answers(this.port))) {
      if (server.exitCode !== null) throw new Error(`${this.program} ended with ${server.exitCode}`);
      await pause(5);
    }
  }

  async stop(): Promise<void> {
    const server = this.process;
    this.process = null;
    if (!server || server.exitCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }

  /** Holds it still: connections stay open and nothing answers. */
  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }
}

/** Ends the server when our end of the pipe closes, so that a test run that is killed leaves none behind. */
function watchOver(pid: number): void {
  const script = 'cat >/dev/null; kill -9 "$1" 2>/dev/null';
  const watchdog = spawn('sh', ['-c', script, 'redis-watchdog', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'] });
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
