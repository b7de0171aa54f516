import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Client } from '../support/client.js';
import { closedPort } from '../support/closed-port.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { ORDERS, ordersClientsFile } from '../support/orders-client.js';
import { freshDatabase, freshFolder, get, Program, ROOT } from './program.js';
import { isReady, Service } from './service.js';

/**
 * Two instances of the product on one database and the orders service, which follows the first of them: four processes
 * with Postgres. Between the instances and the database, and between the orders service and its instance, are links that fail.
 */
export class Deployment {
  private constructor(
    readonly here: Service,
    readonly there: Service,
    readonly orders: Service,
    readonly databaseLink: FaultProxy,
    readonly issuerLink: FaultProxy,
  ) {}

  static async start(mode: string): Promise<Deployment> {
    const cwd = await freshFolder();
    const database = new URL(await freshDatabase(`deployment_${mode}`));
    const databaseLink = await FaultProxy.to(database);
    database.port = String(databaseLink.port);
    const urls = await Promise.all([1, 2, 3].map(async () => `http://127.0.0.1:${await closedPort()}`));
    const issuerLink = await FaultProxy.to(new URL(urls[0]!));
    const issuer = `http://127.0.0.1:${issuerLink.port}`;
    const settings = {
      AUTH_MODE: mode,
      DATABASE_URL: database.href,
      JWT_ISSUER: issuer,
      OAUTH_CLIENTS_FILE: ordersClientsFile(cwd),
      SESSION_MAX_PER_USER: '100',
      LOG_LEVEL: 'warn',
    };
    const instance = (url: string): Service => {
      const env = { ...settings, PORT: new URL(url).port };
      return new Service(url, () => Program.run(['main'], { cwd, env }), isReady);
    };
    const orders = new Service(urls[2]!, () => runOrders(issuer, cwd, new URL(urls[2]!).port), isFollowing);
    const site = new Deployment(instance(urls[0]!), instance(urls[1]!), orders, databaseLink, issuerLink);
    await site.here.run();
    await site.there.run();
    await site.orders.run();
    return site;
  }

  async mend(): Promise<void> {
    this.databaseLink.mend();
    this.issuerLink.mend();
    for (const service of [this.here, this.there, this.orders]) await service.up();
  }

  async close(): Promise<void> {
    await Program.endAll();
    await this.databaseLink.close();
    await this.issuerLink.close();
  }

  /** What the other instance says to this client's credential, on a route that needs no store: `let in`, or the refusal's code. */
  askThere(client: Client): Promise<string> {
    return client.copy(this.there.url).standing();
  }

  /** What the orders service says to it. */
  async askOrders(client: Client): Promise<string> {
    const response = await fetch(`${this.orders.url}/orders`, { headers: client.credential() });
    const body = (await response.json()) as { code?: string };
    return response.status === 200 ? 'let in' : body.code!;
  }
}

/** As `npm run example:orders` does, but for starting it. */
export function buildOrders(): void {
  for (const workspace of ['packages/verify', 'examples/orders']) {
    const command = ['run', '--silent', 'build', '--workspace', workspace];
    const { status, output } = spawnSync('npm', command, { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) throw new Error(`The build of ${workspace} failed:\n${output.join('')}`);
  }
}

function runOrders(issuer: string, cwd: string, port: string): Program {
  const env = { PORT: port, ISSUER: issuer, CLIENT_ID: ORDERS.id, CLIENT_SECRET: ORDERS.secret };
  return Program.spawn([process.execPath, join(ROOT, 'examples/orders/dist/main.js')], { cwd, env });
}

async function isFollowing(url: string): Promise<boolean> {
  const { feed } = (await (await get(url, '/health')).json()) as { feed: string };
  return feed === 'following';
}
