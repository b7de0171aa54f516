import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { AUDIT } from '../../src/core/json-logger.js';

const folder = process.env.TEST_FOLDER!;
const worker = process.env.JEST_WORKER_ID ?? '1';
const LOG = join(folder, `log-${worker}.jsonl`);

/** Everything that the product logs during the run, for the reporter to look through afterwards. */
export const testLog: LoggerService = {
  log: write('log'),
  error: write('error'),
  warn: write('warn'),
  debug: write('debug'),
  verbose: write('verbose'),
  fatal: write('fatal'),
};

/** An event of the audit trail as it was logged. */
export interface AuditLine {
  readonly event: string;
  readonly [detail: string]: unknown;
}

/** The audit trail of this worker's applications from now on. */
export function auditTrail(): () => AuditLine[] {
  const from = linesOf().length;
  return () =>
    linesOf()
      .slice(from)
      .flatMap((line) => {
        const [, entry, context] = JSON.parse(line) as [string, AuditLine, string];
        return context === AUDIT ? [entry] : [];
      });
}

function linesOf(): string[] {
  return existsSync(LOG) ? readFileSync(LOG, 'utf8').trimEnd().split('\n') : [];
}

function write(level: string) {
  return (...parts: unknown[]): void => appendFileSync(LOG, `${JSON.stringify([level, ...parts])}\n`);
}

/** Notes something that no log line may hold. */
export function noteSecret(secret: string): void {
  appendFileSync(join(folder, `secrets-${worker}.txt`), `${secret}\n`);
}
