import { StartError } from '../core/start-error.js';
import type { KeysOptions } from '../keys/keys.options.js';
import type { OauthOptions } from '../oauth/oauth.options.js';
import type { Reading } from './read-settings.js';
import type { SettingName } from './settings.js';

/**
 * The rules for the files that settings name. Only the room that reads a file knows what it must hold, and reading the settings
 * loads no room: so the entry points bring the rules. A rule throws a `StartError` for a file that cannot be used, and its
 * message begins with the name of the setting. A file without a rule is not looked at.
 *
 * @example
 * readConfig(process.env, '.data', { clients: requireClients });
 */
export interface FileRules {
  keys?(options: KeysOptions): void;
  clients?(options: OauthOptions): void;
}

/** What is wrong with the files, one sentence for each. A file is not judged by settings that are themselves in doubt. */
export function mistakesInFiles(
  config: { keys: KeysOptions; oauth: OauthOptions },
  { settings, doubtful }: Reading,
  rules: FileRules,
): string[] {
  const files: [involved: SettingName[], judge: () => void, ownPath: string | null][] = [
    [
      ['JWT_KEYS_FILE', 'JWT_ALGORITHM', 'AUTH_MODE', 'AUTH_ACCEPT'],
      () => rules.keys?.(config.keys),
      settings.JWT_KEYS_FILE === null ? config.keys.file : null,
    ],
    [
      ['OAUTH_CLIENTS_FILE'],
      () => rules.clients?.(config.oauth),
      settings.OAUTH_CLIENTS_FILE === null ? config.oauth.clientsFile : null,
    ],
  ];
  return files
    .filter(([involved]) => !involved.some((name) => doubtful.has(name)))
    .flatMap(([, judge, ownPath]) => mistakeIn(judge, ownPath));
}

/** Only a path that nobody has set is told: a value that was set may be a key that was put there instead of its path. */
function mistakeIn(judge: () => void, ownPath: string | null): string[] {
  try {
    judge();
    return [];
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return [ownPath === null ? error.message : `${error.message} (${ownPath})`];
  }
}
