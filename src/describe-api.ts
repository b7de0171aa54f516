import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import type { Config } from './config/config.js';
import { openApiOf } from './edge/openapi.js';

/** The OpenAPI description without an application that runs: nothing is connected to, opened or written. */
export async function describeApi(config: Config): Promise<OpenAPIObject> {
  const app = await NestFactory.create(AppModule.forRoot(config), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return openApiOf(app);
}
