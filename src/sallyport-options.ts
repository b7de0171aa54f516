import type { EventOptions } from './audit/event.options.js';
import type { OwnStores } from './storage/own-stores.js';
import type { HostDataSource } from './storage/postgres/database.options.js';
import type { StorageOptions } from './storage/storage.options.js';
import type { LegacyPasswords } from './users/legacy-passwords.js';
import type { ClaimsOptions } from './auth/claims.options.js';
import { mistakesInClaimNames } from './config/claim-names.js';
import { type Config, configOf } from './config/config.js';
import { type FileRules, mistakesInFiles } from './config/file-rules.js';
import { ConfigError, readSettings } from './config/read-settings.js';
import { SETTINGS, type Settings } from './config/settings.js';
import { inOptions, optionName, type OptionName, SHARED_SETTINGS, type SharedSetting } from './option-names.js';

type SettingOptions = {
  readonly [S in SharedSetting as OptionName<S>]?: Readonly<NonNullable<Settings[S]>>;
};

/**
 * What `SallyportModule.forRoot` is given. Each setting of the service is an option under its name in camel case, as a value and
 * never as text: `SESSION_IDLE_SECONDS=900` is `sessionIdleSeconds: 900`. The others are an application's alone.
 */
export interface SallyportOptions extends SettingOptions {
  /** The application's own TypeORM data source, in place of `databaseUrl`: our tables are in a schema of theirs. */
  readonly dataSource?: HostDataSource;
  /** Whether the schema is brought up to date at the start. Default true; else `migrateSallyport` is the application's to call. */
  readonly migrate?: boolean;
  /** The schema of our tables. Default `sallyport`. */
  readonly schema?: string;
  /** Users, limits and the audit trail in this process alone, for tests: it forgets them. Refused in production. */
  readonly database?: 'memory';
  /** Stores of the application's own, in place of ours. */
  readonly stores?: OwnStores;
  /** Verifies the hashes that the users of an earlier system have brought along, until each has logged in once. */
  readonly legacyPasswords?: LegacyPasswords;
  /** What is told of a user in every credential, beside roles. Default nothing. */
  readonly claims?: ClaimsOptions;
  /** Whether every route of the application is closed unless it is `@Public()`. Default true; else ours alone are. */
  readonly globalGuard?: boolean;
  /** Where browsers find the application: its path is where a proxy has put it. Default `jwtIssuer`. */
  readonly publicUrl?: string;
  /** Listeners, as with `SallyportEvents`. */
  readonly on?: EventOptions['on'];
  /** Whether the rules for production hold. Default: whether `NODE_ENV` is `production`. */
  readonly production?: boolean;
  /** Where keys are kept that are generated outside production; not for the repository. Default `.data`. */
  readonly dataDir?: string;
}

/** The configuration that these options ask for. Throws `ConfigError` with every mistake in them and in the files they name. */
export function configOfOptions(options: SallyportOptions, isProduction: boolean, rules: FileRules): Config {
  const { production = isProduction, dataDir = '.data' } = options;
  const texts = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, textOf(valueOf(options, name))]));
  const reading = readSettings(texts, production);
  const config = configOf(reading.settings, production, dataDir, reading.warnings);
  const mistakes = [...reading.mistakes, ...mistakesInFiles(config, reading, rules)].map(inOptions);
  mistakes.push(...unknownIn(options), ...mistakesInDatabase(options, production));
  mistakes.push(...mistakesInClaimNames(options.claims?.names ?? []));
  if (options.publicUrl !== undefined && !isWebAddress(options.publicUrl))
    mistakes.push('publicUrl must be a URL that begins with http:// or https://');
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const { globalGuard = true, publicUrl = config.http.publicUrl, on = {} } = options;
  return {
    ...config,
    http: { ...config.http, publicUrl },
    passwords: { ...config.passwords, legacy: options.legacyPasswords },
    auth: { ...config.auth, guardsAllRoutes: globalGuard, claims: options.claims },
    events: { on },
    storage: { ...config.storage, ...storageOf(options) },
    warnings: config.warnings.map(inOptions),
  };
}

function storageOf(
  options: SallyportOptions,
): Pick<StorageOptions, 'database' | 'schema' | 'own'> & { sessionStore?: 'own' } {
  const { dataSource, migrate, databaseUrl, schema = 'sallyport', stores: own } = options;
  const database = dataSource ? { dataSource, migrate } : databaseUrl === undefined ? 'memory' : { url: databaseUrl };
  return { database, schema, own, ...(own?.sessions && { sessionStore: 'own' as const }) };
}

function mistakesInDatabase({ databaseUrl, dataSource, database, stores }: SallyportOptions, production: boolean) {
  const given = [databaseUrl, dataSource, database].filter((one) => one !== undefined).length;
  const mistakes: string[] = [];
  if (given > 1) mistakes.push('of databaseUrl, dataSource and database only one can be given');
  if (given === 0 && !stores?.users)
    mistakes.push("databaseUrl or dataSource must be given; database: 'memory' is for tests");
  if (production && database === 'memory') mistakes.push('database must not be memory in production');
  if (production && given === 0 && stores?.users && !(stores.limits && stores.audit))
    mistakes.push(
      'stores must have limits and audit beside users in production, or databaseUrl or dataSource be given for them',
    );
  return mistakes;
}

/** The options that are no settings of the service. */
export const OWN_OPTIONS = [
  'dataSource',
  'migrate',
  'schema',
  'database',
  'stores',
  'legacyPasswords',
  'claims',
  'globalGuard',
  'publicUrl',
  'on',
  'production',
  'dataDir',
] as const satisfies (keyof SallyportOptions)[];

/** An option that is not known is a mistake: nothing that was given is ignored in silence. */
function unknownIn(options: SallyportOptions): string[] {
  const known = new Set<string>([...SHARED_SETTINGS.map(optionName), ...OWN_OPTIONS]);
  return Object.keys(options)
    .filter((name) => !known.has(name))
    .map((name) => `there is no option ${name}`);
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function valueOf(options: SallyportOptions, setting: string): unknown {
  return SHARED_SETTINGS.includes(setting) ? (options as Record<string, unknown>)[optionName(setting)] : undefined;
}

/** The rules of a setting are for its text. */
function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : [value].flat().join(',');
}
