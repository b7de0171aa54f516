import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { loadConfig } from '../config/config.js';
import { explain } from '../config/explain.js';
import { jsonLogger } from '../core/json-logger.js';
import { SessionStore } from '../sessions/session.store.js';

/** How many live sessions carry each kind of credential: when the old kind is at 0, a move between modes is done. */
async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env, resolve('.data'));
  const logger = jsonLogger('error');
  const app = await NestFactory.createApplicationContext(AppModule.forRoot(config), { logger, abortOnError: false });
  const count = await app.get(SessionStore, { strict: false }).countByMode();
  await app.close();
  process.stdout.write(`session ${count.session}\njwt ${count.jwt}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);
