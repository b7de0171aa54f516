import { createServer, type AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../../src/app.module.js';
import { setUp } from '../../src/set-up.js';
import { Browser } from './browser.js';

/** The application, listening. */
export class RunningHost {
  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
  ) {}

  /** Reads DATABASE_URL and AUTH_MODE of the environment. */
  static async start(publicUrl?: string): Promise<RunningHost> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    process.env.PUBLIC_URL = publicUrl ?? `${url}/api`;
    process.env.RATE_LIMITS = 'off';
    const app = setUp(
      await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['fatal'], abortOnError: false }),
    );
    await app.listen(port, '127.0.0.1');
    return new RunningHost(app, url);
  }

  browser(): Browser {
    return new Browser(this.url);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
