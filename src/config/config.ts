import type { EdgeOptions } from '../edge/edge.options.js';
import type { HttpOptions } from '../http/http.options.js';
import type { EventOptions } from '../audit/event.options.js';
import type { AuditOptions } from '../audit/audit.options.js';
import type { LimitOptions } from '../limits/limits.options.js';
import type { PasswordPolicy } from '../users/password-policy.options.js';
import type { SessionPolicy } from '../sessions/session-policy.options.js';
import type { KeysOptions } from '../keys/keys.options.js';
import type { AuthOptions } from '../auth/auth.options.js';
import type { JwtOptions } from '../auth/jwt/jwt.options.js';
import type { OauthOptions } from '../oauth/oauth.options.js';
import type { StorageOptions } from '../storage/storage.options.js';
import { type FileRules, mistakesInFiles } from './file-rules.js';
import { ConfigError, readSettings } from './read-settings.js';
import type { Settings } from './settings.js';

/** What the rooms are given. Only the entry points read the environment. */
export interface Config {
  readonly production: boolean;
  readonly http: HttpOptions;
  readonly edge: EdgeOptions;
  readonly passwords: PasswordPolicy;
  readonly sessions: SessionPolicy;
  readonly limits: LimitOptions;
  readonly auth: AuthOptions;
  readonly keys: KeysOptions;
  readonly jwt: JwtOptions;
  readonly oauth: OauthOptions;
  readonly audit: AuditOptions;
  readonly events: EventOptions;
  readonly storage: StorageOptions;
  readonly port: number;
  readonly host: string;
  readonly logLevel: Settings['LOG_LEVEL'];
  readonly warnings: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration that an environment asks for. Throws `ConfigError` with every mistake in it and in the files it names. */
export function readConfig(environment: Environment, dataDir: string, rules: FileRules): Config {
  const { NODE_ENV = '' } = environment;
  const production = NODE_ENV === 'production';
  const reading = readSettings(environment, production);
  const config = configOf(reading.settings, production, dataDir, reading.warnings);
  const mistakes = [...mistakesInStage(NODE_ENV), ...reading.mistakes, ...mistakesInFiles(config, reading, rules)];
  if (
    production &&
    config.storage.database !== 'memory' &&
    'embeddedIn' in config.storage.database &&
    !reading.doubtful.has('DATABASE_URL')
  )
    mistakes.push('DATABASE_URL must be set in production');
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config;
}

/** A slip such as `prod` would start what is meant for trying things out, before everybody. */
function mistakesInStage(stage: string): string[] {
  const isKnown = ['', 'production', 'development', 'test'].includes(stage);
  return isKnown ? [] : ['NODE_ENV must be one of production, development, test, or not set'];
}

/** What the settings mean to each room. */
export function configOf(settings: Settings, production: boolean, dataDir: string, warnings: string[]): Config {
  // Where the port is picked at the start, nobody can be told of it before.
  const issuer = settings.JWT_ISSUER ?? `http://localhost:${settings.PORT || 3000}`;
  const accept = settings.AUTH_ACCEPT ?? [settings.AUTH_MODE];
  return {
    production,
    http: {
      cookieSecure: settings.COOKIE_SECURE,
      corsOrigins: settings.CORS_ORIGINS,
      publicUrl: issuer,
    },
    edge: { engine: settings.HTTP_ENGINE, trustProxy: settings.TRUST_PROXY, docs: settings.DOCS },
    passwords: { minLength: settings.PASSWORD_MIN_LENGTH },
    sessions: {
      idleSeconds: settings.SESSION_IDLE_SECONDS,
      absoluteSeconds: settings.SESSION_ABSOLUTE_SECONDS,
      graceSeconds: settings.REFRESH_GRACE_SECONDS,
      maxPerUser: settings.SESSION_MAX_PER_USER,
      limitPolicy: settings.SESSION_LIMIT_POLICY,
      rotationsAreLimited: settings.RATE_LIMITS,
    },
    limits: { areOn: settings.RATE_LIMITS },
    auth: { mode: settings.AUTH_MODE, accept, guardsAllRoutes: true },
    keys: {
      inUse: accept.includes('jwt'),
      algorithm: settings.JWT_ALGORITHM,
      file: settings.JWT_KEYS_FILE ?? `${dataDir}/jwt-keys.${settings.JWT_ALGORITHM}.json`,
      mayGenerate: settings.JWT_KEYS_FILE === null && !production,
      mustBePrivate: production,
    },
    jwt: {
      accessTokenSeconds: settings.ACCESS_TOKEN_SECONDS,
      issuer,
      audience: settings.JWT_AUDIENCE,
    },
    oauth: {
      clientsFile: settings.OAUTH_CLIENTS_FILE ?? (production ? null : `${dataDir}/oauth-clients.json`),
      clientsFileMayBeAbsent: settings.OAUTH_CLIENTS_FILE === null,
    },
    audit: { retentionDays: settings.AUDIT_RETENTION_DAYS },
    events: { on: {} },
    storage: {
      database: settings.DATABASE_URL === null ? { embeddedIn: `${dataDir}/postgres` } : { url: settings.DATABASE_URL },
      schema: 'sallyport',
      sessionStore: settings.SESSION_STORE,
      redisUrl: settings.REDIS_URL,
    },
    port: settings.PORT,
    host: settings.HOST,
    logLevel: settings.LOG_LEVEL,
    warnings,
  };
}
