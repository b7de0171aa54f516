import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { explain } from '../config/explain.js';
import type { FileRules } from '../config/file-rules.js';
import { loadConfig } from '../load-config.js';

/** A refusal that is said in one sentence. */
export class CommandError extends Error {
  constructor(
    sentence: string,
    /** 2 for a call that is not understood. */
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(sentence);
  }
}

type Run = (args: string[], config: Config) => Promise<string> | string;

/**
 * Runs a command on its arguments with the settings of the service, and prints what it answers. `rules` is for a command that
 * does not start the service and so needs less of the files that settings name.
 */
export function runCommand(run: Run, rules?: FileRules): void {
  answer(run, rules).then(
    (text) => {
      process.stdout.write(`${text}\n`);
      process.exit(0);
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof CommandError ? error.message : explain(error)}\n`);
      process.exit(error instanceof CommandError ? error.exitCode : 1);
    },
  );
}

async function answer(run: Run, rules?: FileRules): Promise<string> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return run(process.argv.slice(2), loadConfig(process.env, resolve('.data'), rules));
}
