import { StartError } from '../core/start-error.js';
import { Rule } from './setting.js';
import { type SettingName, SETTINGS, type Settings } from './settings.js';

/** Every mistake in the settings at once, by name and rule. The values, which may be secrets, are not in it. */
export class ConfigError extends StartError {
  constructor(readonly mistakes: readonly string[]) {
    super(`The settings are not right:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  }
}

export interface Reading {
  /** A setting that is in `doubtful` may have no value here, or one that does not fit the others. */
  readonly settings: Settings;
  /** One sentence for each mistake. */
  readonly mistakes: string[];
  /** The settings that have a part in a mistake. */
  readonly doubtful: ReadonlySet<SettingName>;
  readonly warnings: string[];
}

/** Reads every setting. An empty value counts as unset. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>, production: boolean): Reading {
  const mistakes: string[] = [];
  const wrong = new Set<SettingName>();
  const settings: Partial<Record<SettingName, unknown>> = {};
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const raw = environment[name]?.trim();
    try {
      settings[name] = raw ? SETTINGS[name].read(raw) : SETTINGS[name].fallback(production);
    } catch (error) {
      if (!(error instanceof Rule)) throw error;
      mistakes.push(`${name} ${error.message}`);
      wrong.add(name);
    }
  }
  const read = settings as Settings;
  const isKnown = (names: SettingName[]): boolean => !names.some((name) => wrong.has(name));
  const unfit = together(read, production).filter(([names, broken]) => broken && isKnown(names));
  return {
    settings: read,
    mistakes: [...mistakes, ...unfit.map(([, , rule]) => rule)],
    doubtful: new Set([...wrong, ...unfit.flatMap(([names]) => names)]),
    warnings: warningsOf(read, production),
  };
}

type Together = [involved: SettingName[], broken: boolean, rule: string];

/** What settings must be in view of one another. */
function together(s: Settings, production: boolean): Together[] {
  const accept = s.AUTH_ACCEPT ?? [s.AUTH_MODE];
  const jwt = accept.includes('jwt');
  return [
    [
      ['SESSION_IDLE_SECONDS', 'SESSION_ABSOLUTE_SECONDS'],
      s.SESSION_IDLE_SECONDS > s.SESSION_ABSOLUTE_SECONDS,
      'SESSION_IDLE_SECONDS must not be more than SESSION_ABSOLUTE_SECONDS',
    ],
    [['AUTH_MODE', 'AUTH_ACCEPT'], !accept.includes(s.AUTH_MODE), 'AUTH_ACCEPT must include the AUTH_MODE'],
    [
      ['SESSION_STORE', 'REDIS_URL'],
      s.SESSION_STORE === 'redis' && s.REDIS_URL === null,
      'REDIS_URL must be set when SESSION_STORE is redis',
    ],
    [['SESSION_STORE'], production && s.SESSION_STORE === 'memory', 'SESSION_STORE must not be memory in production'],
    [['RATE_LIMITS'], production && !s.RATE_LIMITS, 'RATE_LIMITS must not be off in production'],
    [
      ['JWT_ISSUER'],
      production && s.JWT_ISSUER === null,
      'JWT_ISSUER must be set in production: other services and the paths of cookies go by it',
    ],
    [['COOKIE_SECURE'], production && !s.COOKIE_SECURE, 'COOKIE_SECURE must not be false in production'],
    [
      ['JWT_KEYS_FILE', 'AUTH_MODE', 'AUTH_ACCEPT'],
      production && jwt && s.JWT_KEYS_FILE === null,
      'JWT_KEYS_FILE must be set in production when jwt is in use: generated keys are for trying things out',
    ],
  ];
}

function warningsOf(s: Settings, production: boolean): string[] {
  const warnings: string[] = [];
  for (const name of ['SESSION_IDLE_SECONDS', 'SESSION_ABSOLUTE_SECONDS'] as const) {
    if (s[name] < 60) warnings.push(`${name} is under a minute: that is meant for tests`);
  }
  if (production && s.JWT_ISSUER?.startsWith('http:')) warnings.push('JWT_ISSUER is not an https URL');
  return warnings;
}
