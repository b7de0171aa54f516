import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { AUDIT } from '../../src/core/line-logger.js';

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

/** A line as it was logged, by whichever of this worker's applications. */
export interface LogLine {
  readonly level: string;
  readonly entry: Readonly<Record<string, unknown>>;
  readonly context: string;
}

/** What this worker's applications log from now on. */
export function logLines(): () => LogLine[] {
  const from = linesOf().length;
  return () =>
    linesOf()
      .slice(from)
      .map((line) => {
        // Between the two, Nest hands on a stack for an error, or nothing.
        const [level, entry, ...rest] = JSON.parse(line) as [string, LogLine['entry'], ...string[]];
        return { level, entry, context: rest.at(-1) ?? '' };
      });
}

/** The audit trail of this worker's applications from now on. */
export function auditTrail(): () => AuditLine[] {
  const lines = logLines();
  return () => lines().flatMap(({ entry, context }) => (context === AUDIT ? [entry as AuditLine] : []));
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
