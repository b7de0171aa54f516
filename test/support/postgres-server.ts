import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Account, accountFor } from '../../packages/embedded-postgres/src/account.js';
import { type Binaries, findBinaries } from '../../packages/embedded-postgres/src/binaries.js';
import { createCluster, readPassword } from '../../packages/embedded-postgres/src/cluster.js';
import { databaseUrl } from '../../packages/embedded-postgres/src/database.js';
import { startGuarded } from '../../packages/embedded-postgres/src/guarded-process.js';
import { closedPort } from './closed-port.js';
import { familyOf } from './family.js';

/** A crash of the machine may lose data, a crash of the server may not. */
const SETTINGS = [
  ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'full_page_writes=off'],
  ...['shared_buffers=32MB', 'max_connections=60', 'min_wal_size=32MB', 'max_wal_size=64MB'],
];
const READY = 'ready to accept connections';
const ENDS = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;
const RESUME_MS = 30_000;

/** A Postgres of our own, to be stopped, killed, held still and started again. It ends with this process, however that ends. */
export class PostgresServer {
  private process: ChildProcess;

  private constructor(
    private readonly cluster: string,
    private readonly binaries: Binaries,
    private readonly account: Account | null,
    private readonly port: number,
    private readonly password: string,
  ) {}

  /** @param folder an empty one, which everybody may enter. */
  static async start(folder: string): Promise<PostgresServer> {
    const cluster = join(folder, 'data');
    const account = await accountFor(cluster);
    const binaries = await findBinaries(account);
    await createCluster(cluster, binaries, account, false);
    const password = await readPassword(cluster);
    const server = new PostgresServer(cluster, binaries, account, await closedPort(), password);
    await server.resume();
    return server;
  }

  /** As its administrator reaches it. */
  get url(): string {
    return databaseUrl(this.port, this.password, 'postgres');
  }

  /** Starts it again on the same port, if it does not run, once what is left of a killed one has gone. */
  async resume(): Promise<void> {
    if (this.isRunning) return;
    for (const deadline = performance.now() + RESUME_MS; !(await this.tryToStart()); await pause(50)) {
      if (performance.now() > deadline) throw new Error('Postgres did not start again');
    }
  }

  /** Ends it as `pg_ctl stop -m` does, or by killing its first process. */
  async stop(how: keyof typeof ENDS = 'fast'): Promise<void> {
    if (!this.isRunning) return;
    const gone = once(this.process, 'exit');
    this.process.kill(ENDS[how]);
    await gone;
  }

  /** Holds it still: connections stay open and nothing answers. */
  freeze(): void {
    for (const { kill } of familyOf(this.process.pid!)) kill('SIGSTOP');
  }

  thaw(): void {
    for (const { kill } of familyOf(this.process.pid!)) kill('SIGCONT');
  }

  private get isRunning(): boolean {
    return this.process?.exitCode === null && this.process.signalCode === null;
  }

  private async tryToStart(): Promise<boolean> {
    const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
    const args = ['-D', this.cluster, '-p', String(this.port), ...settings];
    this.process = startGuarded({ binary: this.binaries.postgres, args, account: this.account });
    const { stderr } = this.process;
    return new Promise((resolve) => {
      let log = '';
      stderr!.setEncoding('utf8').on('data', (text: string) => {
        // What it says later is read too, or a full pipe would hold it up.
        if (log.includes(READY)) return;
        log += text;
        if (log.includes(READY)) resolve(true);
      });
      this.process.once('exit', () => resolve(false));
    });
  }
}
