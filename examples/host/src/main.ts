import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { setUp } from './set-up.js';

async function start(): Promise<void> {
  const app = setUp(await NestFactory.create<NestExpressApplication>(AppModule));
  app.enableShutdownHooks();
  await app.listen(process.env.PORT ?? 3000);
}

void start();
