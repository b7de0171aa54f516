import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';

const folder = process.env.TEST_FOLDER!;
const worker = process.env.JEST_WORKER_ID ?? '1';

/** Everything that the product logs during the run, for the reporter to look through afterwards. */
export const testLog: LoggerService = {
  log: write('log'),
  error: write('error'),
  warn: write('warn'),
  debug: write('debug'),
  verbose: write('verbose'),
  fatal: write('fatal'),
};

function write(level: string) {
  return (...parts: unknown[]): void =>
    appendFileSync(join(folder, `log-${worker}.jsonl`), `${JSON.stringify([level, ...parts])}\n`);
}

/** Notes something that no log line may hold. */
export function noteSecret(secret: string): void {
  appendFileSync(join(folder, `secrets-${worker}.txt`), `${secret}\n`);
}
