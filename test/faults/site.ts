import { writeFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { generateJwk } from '../../src/keys/generated-jwk.js';
import { freshFolder, Program } from '../process/program.js';
import { isReady, Service } from '../process/service.js';
import { closedPort } from '../support/closed-port.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { ordersClientsFile } from '../support/orders-client.js';
import { OwnedDatabase } from '../support/owned-database.js';
import { PostgresServer } from '../support/postgres-server.js';
import { RedisServer } from '../support/redis-server.js';
import { type SmallDisk, smallDisk } from './small-disk.js';

const SIZE = 2;

/** Longer than any fault: a client whose refresh was not answered repeats it when the fault is over. */
export const GRACE_SECONDS = 60;

export type Mode = 'session' | 'jwt';
export type Store = 'postgres' | 'redis';

export interface Column {
  readonly mode: Mode;
  readonly store: Store;
}

/** One instance of the program and its own links to what it needs. */
export interface Instance {
  readonly service: Service;
  readonly database: FaultProxy;
  readonly redis: FaultProxy | null;
  /** By how many milliseconds its wall clock is wrong, in a file that it looks at. */
  readonly clockFile: string;
}

/** Instances of the program as they are started for real, on a Postgres and a Redis of their own, over links that fail. */
export class Site {
  /** Numbers of the instances that clients ask. */
  rotation: number[];

  private constructor(
    readonly column: Column,
    /** Null where none can be had, or none was asked for. */
    readonly disk: SmallDisk | null,
    readonly postgres: PostgresServer,
    readonly database: OwnedDatabase,
    readonly redis: RedisServer | null,
    readonly instances: readonly Instance[],
  ) {
    this.rotation = instances.map((_, number) => number);
  }

  static async start(column: Column, wantsSmallDisk: boolean): Promise<Site> {
    const [cwd, data] = [await freshFolder(), await freshFolder()];
    await chmod(data, 0o777);
    const disk = wantsSmallDisk ? await smallDisk(data) : null;
    const postgres = await PostgresServer.start(data);
    const database = await OwnedDatabase.make(postgres.url);
    const redis = column.store === 'redis' ? await startRedis(join(cwd, 'redis')) : null;
    const keys = join(cwd, 'keys.json');
    writeFileSync(keys, JSON.stringify({ keys: [generateJwk('ES256')] }));
    const settings = {
      AUTH_MODE: column.mode,
      SESSION_STORE: column.store,
      JWT_KEYS_FILE: keys,
      JWT_ISSUER: 'https://auth.example.com',
      OAUTH_CLIENTS_FILE: ordersClientsFile(cwd),
      SESSION_MAX_PER_USER: '100',
      ACCESS_TOKEN_SECONDS: '900',
      REFRESH_GRACE_SECONDS: String(GRACE_SECONDS),
      // Each client of the load says that it is somewhere else.
      TRUST_PROXY: 'loopback',
      COOKIE_SECURE: 'true',
      RATE_LIMITS: 'off',
      NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, 'wrong-clock.cjs'))}`,
    };
    const instances: Instance[] = [];
    while (instances.length < SIZE) instances.push(await instanceOf(instances.length, settings, cwd, database, redis));
    const site = new Site(column, disk, postgres, database, redis, instances);
    await Promise.all(instances.map(({ service }) => service.run()));
    return site;
  }

  url(instance: number): string {
    return this.instances[instance]!.service.url;
  }

  pid(instance: number): number {
    return this.instances[instance]!.service.program.child.pid!;
  }

  /** Until every instance may be sent requests again. Says how many milliseconds it took. */
  async ready(): Promise<number> {
    return Math.max(...(await Promise.all(this.instances.map(({ service }) => service.up(30_000)))));
  }

  /** Starts again whoever has ended. */
  async revive(): Promise<void> {
    const ended = this.instances.filter(({ service }) => !service.isRunning);
    await Promise.all(ended.map(({ service }) => service.run()));
  }

  /** Every link that fails is as it was. */
  mendLinks(): void {
    for (const { database, redis } of this.instances)
      for (const link of [database, redis]) if (link?.isFailing) link.mend();
  }

  /** Everything that every run of every instance has said. */
  get output(): string {
    return this.instances.flatMap(({ service }) => service.runs.map(({ output }) => output)).join('\n');
  }

  async close(): Promise<void> {
    await Program.endAll();
    for (const { database, redis } of this.instances) await Promise.all([database.close(), redis?.close()]);
    await this.redis?.stop();
    await this.postgres.stop('immediate');
    await this.disk?.remove();
  }
}

async function instanceOf(
  number: number,
  settings: Readonly<Record<string, string>>,
  cwd: string,
  { url: databaseUrl }: OwnedDatabase,
  server: RedisServer | null,
): Promise<Instance> {
  const database = await FaultProxy.to(databaseUrl);
  const redis = server && (await FaultProxy.to(server.url));
  const port = String(await closedPort());
  const clockFile = join(cwd, `clock-${number}`);
  writeFileSync(clockFile, '0');
  const env = {
    ...settings,
    ...{ PORT: port, HOST: '127.0.0.1', DATABASE_URL: database.url, WRONG_CLOCK_FILE: clockFile },
    ...(redis && { REDIS_URL: redis.url }),
  };
  const start = (more: object): Program => Program.run(['main'], { cwd, env: { ...env, ...more } });
  return { service: new Service(`http://127.0.0.1:${port}`, start, isReady), database, redis, clockFile };
}

/** Keeps what it is told through its own end, as the documentation asks of a Redis that holds sessions. */
async function startRedis(folder: string): Promise<RedisServer> {
  await mkdir(folder);
  return RedisServer.start(['--dir', folder, '--save', '', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction']);
}
