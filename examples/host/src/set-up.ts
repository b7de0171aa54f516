import { ValidationPipe, VersioningType } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { CatchEverythingFilter } from './catch-everything.filter.js';

/** What this application wants of all its routes. */
export function setUp(app: NestExpressApplication): NestExpressApplication {
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.useBodyParser('json', { limit: '1mb' });
  app.useBodyParser('text');
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.useGlobalFilters(new CatchEverythingFilter(app.get(HttpAdapterHost)));
  return app;
}
