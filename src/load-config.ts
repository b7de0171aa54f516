import { type Config, type Environment, readConfig } from './config/config.js';
import type { FileRules } from './config/file-rules.js';
import { requireKeys } from './keys/keys-file.js';
import { requireClients } from './oauth/clients-file.js';

/** What must be in the files that settings and options name. */
export const FILE_RULES: FileRules = { keys: (options) => requireKeys(options, Date.now()), clients: requireClients };

/**
 * The configuration that an environment asks for, with what is generated kept in `dataDir`. The files that settings name are
 * read and judged, none is written. Throws `ConfigError` with every mistake at once.
 *
 * @example
 * AppModule.forRoot(loadConfig(process.env, '.data'));
 */
export function loadConfig(environment: Environment, dataDir: string, rules = FILE_RULES): Config {
  return readConfig(environment, dataDir, rules);
}
