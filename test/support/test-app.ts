import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { createClient } from 'redis';
import { AppModule } from '../../src/app.module.js';
import { RevocationPoller } from '../../src/revocations/revocation.poller.js';
import type { Config, Environment } from '../../src/config/config.js';
import { Clock } from '../../src/core/clock.js';
import { setUpEdge } from '../../src/edge/edge.js';
import { engineOf } from '../../src/edge/engines.js';
import { loadConfig } from '../../src/load-config.js';
import { StoreClock } from '../../src/storage/redis/redis-clock.js';
import { MovedClock, MovedRedisTime, REDIS_OFFSET } from './moved-clock.js';
import { testLog } from './test-log.js';

export interface TestApp {
  readonly url: string;
  readonly nest: INestApplication;
  readonly config: Config;
  /** Moves the time of the application and of its stores on. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** The whole application on real stores, emptied first unless it is to share them with another instance; its own wall clock may be off.
 * In memory there is neither a database nor a Redis. */
export async function startApp(
  settings: Environment,
  { shared = false, wallOffsetMs = 0, inMemory = false } = {},
): Promise<TestApp> {
  const environment = environmentOf(settings);
  const config = inMemory ? withoutDatabase(configOf(settings)) : configOf(settings);
  if (!shared) await moveRedisClock(environment.REDIS_URL, null);
  const clock = new MovedClock();
  clock.jump(wallOffsetMs);
  const builder = Test.createTestingModule({ imports: [AppModule.forRoot(config)] })
    .overrideProvider(Clock)
    .useValue(clock);
  if (config.storage.sessionStore === 'redis') builder.overrideProvider(StoreClock).useClass(MovedRedisTime);
  const module = await builder.setLogger(testLog).compile();
  if (!shared && !inMemory) await resetPostgres(environment.DATABASE_URL!);
  const engine = engineOf(config.edge);
  const nest = module.createNestApplication(engine.adapter, { bodyParser: false, logger: testLog });
  setUpEdge(nest, engine);
  await nest.listen(config.port, '127.0.0.1');
  return {
    url: (await nest.getUrl()).replace('[::1]', '127.0.0.1'),
    nest,
    config,
    advance: async (ms) => {
      clock.advance(ms);
      if (!inMemory) await movePostgresClock(environment.DATABASE_URL!, clock.offsetMs);
      await moveRedisClock(environment.REDIS_URL, clock.offsetMs);
      // The first may have asked while the clocks differed.
      await nest.get(RevocationPoller).poll();
      await nest.get(RevocationPoller).poll();
    },
    close: async () => {
      nest.getHttpServer().closeAllConnections();
      await nest.close();
      if (clock.offsetMs > 0 && !inMemory) await movePostgresClock(environment.DATABASE_URL!, 0);
    },
  };
}

/** As an application is tested that has no database at hand. */
function withoutDatabase(config: Config): Config {
  return { ...config, storage: { ...config.storage, database: 'memory', sessionStore: 'memory' } };
}

function environmentOf(settings: Environment): Environment {
  return {
    DATABASE_URL: process.env.TEST_WORKER_DATABASE_URL,
    REDIS_URL: process.env.TEST_WORKER_REDIS_URL,
    PORT: '0',
    RATE_LIMITS: 'off',
    ...settings,
  };
}

/** What `startApp` makes of these settings, for a command that runs beside it. */
export function configOf(settings: Environment): Config {
  return loadConfig(environmentOf(settings), process.env.TEST_FOLDER!);
}

async function resetPostgres(url: string): Promise<void> {
  await withPostgres(url, (client) => client.query('TRUNCATE sallyport.users, sallyport.limits CASCADE'));
}

/** The store's clock is one function of the schema; moved on, it is another one. */
async function movePostgresClock(url: string, offsetMs: number): Promise<void> {
  const body = `SELECT clock_timestamp() + interval '${offsetMs} ms'`;
  await withPostgres(url, (client) =>
    client.query(
      `CREATE OR REPLACE FUNCTION sallyport.sallyport_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ ${body} $$`,
    ),
  );
}

async function withPostgres(url: string, act: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await act(client);
  await client.end();
}

async function moveRedisClock(url: string | undefined, offsetMs: number | null): Promise<void> {
  if (!url) return;
  const client = await createClient({ url }).connect();
  if (offsetMs === null) await client.flushDb();
  else await client.set(`sallyport:${REDIS_OFFSET}`, offsetMs);
  await client.close();
}
