import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { lineLogger } from '../core/line-logger.js';
import { AppModule } from '../app.module.js';
import type { Config } from '../config/config.js';

/** Gives `act` the application without its HTTP side, and closes it afterwards. */
export async function withApp<T>(config: Config, act: (app: INestApplicationContext) => Promise<T>): Promise<T> {
  const logger = lineLogger('error', process.stderr);
  const app = await NestFactory.createApplicationContext(AppModule.forRoot(config), { logger, abortOnError: false });
  try {
    return await act(app);
  } finally {
    await app.close();
  }
}
