import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from './config/config.js';
import { explain } from './config/explain.js';
import { lineLogger } from './core/line-logger.js';
import { createApp } from './create-app.js';
import { loadConfig } from './load-config.js';
import { DRAIN_MS, stopOnSignals } from './stop.js';

const DATA_DIR = resolve('.data');

async function main(): Promise<void> {
  outliveReadersOfLog();
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env, DATA_DIR);
  const logger = lineLogger(config.logLevel);
  for (const warning of config.warnings) logger.warn(warning, 'settings');
  const stop = stopOnSignals(config.production ? DRAIN_MS : 0);
  const app = await createApp(config, logger);
  stop.with(app);
  await app.listen(config.port, config.host);
  logger.log(whereToLook(config, await app.getUrl()), 'sallyport');
}

/** Whoever reads what is said here may go away. It is lost then; without a listener the first such line would end the process. */
function outliveReadersOfLog(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

function whereToLook({ edge, auth, storage }: Config, url: string): string {
  const at = url.replace('[::1]', 'localhost').replace('127.0.0.1', 'localhost');
  return `Ready in ${auth.mode} mode, sessions in ${storage.sessionStore}: ${edge.docs ? `open ${at}/docs` : at}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
