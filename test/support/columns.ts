import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuthMode, Transport } from '../../src/core/credential.js';
import { DIFFERENCES, type DifferenceName } from './allowed-differences.js';
import { Client } from './client.js';
import { startApp, type TestApp } from './test-app.js';

export type Store = 'postgres' | 'redis' | 'memory';
export type Engine = 'express' | 'fastify';

export interface Column {
  readonly mode: AuthMode;
  readonly transport: Transport;
  readonly store: Store;
  readonly engine: Engine;
  /** The running application. */
  readonly app: TestApp;
  /** A client of a user nobody has registered yet. */
  client(): Client;
  /** A client of a new user who is logged in. */
  member(): Promise<Client>;
  /** A sentence that is true in every column, unless a listed difference says otherwise. */
  scenario(title: string, run: () => Promise<void>, options?: { difference?: DifferenceName; timeout?: number }): void;
}

const MODES: AuthMode[] = ['session', 'jwt'];
/** The stores that can be tested on this machine. */
export const STORES: Store[] = process.env.TEST_REDIS_URL ? ['postgres', 'redis', 'memory'] : ['postgres', 'memory'];
/** One store is enough to show that the HTTP engine changes nothing: the stores do not know it. */
const ON_FASTIFY: Store = 'memory';
const TRANSPORTS: Transport[] = ['cookie', 'bearer'];

/** Runs the scenarios over every mode, transport and store, each pair of mode and store with one application. */
export function inEveryColumn(
  settings: Record<string, string>,
  define: (column: Column) => void,
  { stores = STORES }: { stores?: Store[] } = {},
): void {
  const backings: Backing[] = stores.map((store) => ({ store, engine: 'express' }));
  if (stores.includes(ON_FASTIFY)) backings.push({ store: ON_FASTIFY, engine: 'fastify' });
  for (const backing of backings) {
    const { store, engine } = backing;
    for (const mode of MODES) {
      describe(`${mode} on ${nameOf(backing)}`, () => {
        let app: TestApp;
        beforeAll(async () => {
          app = await startApp({ AUTH_MODE: mode, SESSION_STORE: store, HTTP_ENGINE: engine, ...settings });
        });
        afterAll(() => app.close());
        for (const transport of TRANSPORTS) define(columnOf(mode, transport, backing, () => app));
      });
    }
  }
}

type Backing = Pick<Column, 'store' | 'engine'>;

function nameOf({ store, engine }: Backing): string {
  return engine === 'express' ? store : `${store} ${engine}`;
}

function columnOf(mode: AuthMode, transport: Transport, backing: Backing, app: () => TestApp): Column {
  const name = `${mode} ${transport} ${nameOf(backing)}`;
  const client = (): Client => new Client(app().url, transport);
  return {
    mode,
    transport,
    ...backing,
    get app() {
      return app();
    },
    client,
    member: () => client().join(),
    scenario: (title, run, { difference, timeout } = {}) => {
      if (difference && !DIFFERENCES[difference].holdsIn({ mode, transport, store: backing.store })) {
        noteException(name, title);
        return;
      }
      it(`[${name}] ${title}`, run, timeout);
    },
  };
}

/** For the reporter, which knows a scenario only by its results: this one is missing for a reason on the list. */
function noteException(column: string, title: string): void {
  appendFileSync(join(process.env.TEST_FOLDER!, 'exceptions.txt'), `${column}\t${title}\n`);
}
