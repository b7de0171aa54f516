import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import type { Config } from './config/config.js';
import { lineLogger } from './core/line-logger.js';
import { setUpEdge } from './edge/edge.js';
import { engineOf } from './edge/engines.js';

/**
 * The service, ready to listen. Whoever closes it closes the stores with it. Throws `StartError` for what an operator can mend.
 *
 * @example
 * const app = await createApp(loadConfig(process.env, '.data'));
 * await app.listen(3000);
 */
export async function createApp(config: Config, logger = lineLogger(config.logLevel)): Promise<INestApplication> {
  const engine = engineOf(config.edge);
  const app = await NestFactory.create(AppModule.forRoot(config), engine.adapter, {
    logger,
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: false,
  });
  setUpEdge(app, engine);
  return app;
}
