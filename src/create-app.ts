import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import type { Config } from './config/config.js';
import { lineLogger } from './core/line-logger.js';
import { BoundedServerAdapter } from './http/bounded-server.adapter.js';
import { setUpHttp } from './http/http-setup.js';

/**
 * The application, ready to listen. Whoever closes it closes the stores with it. Throws `StartError` for what an operator can mend.
 *
 * @example
 * const app = await createApp(loadConfig(process.env, '.data'));
 * await app.listen(3000);
 */
export async function createApp(config: Config, logger = lineLogger(config.logLevel)): Promise<NestExpressApplication> {
  const adapter = new BoundedServerAdapter();
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), adapter, {
    logger,
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: false,
  });
  setUpHttp(app);
  return app;
}
