import type { AuthOptions } from '../auth/auth.options.js';
import type { JwtOptions } from '../auth/jwt/jwt.options.js';
import type { HttpOptions } from '../http/http.options.js';
import type { OauthOptions } from '../oauth/oauth.options.js';
import type { SessionPolicy } from '../sessions/session-policy.options.js';
import type { StorageOptions } from '../storage/storage.options.js';
import type { PasswordPolicy } from '../users/password-policy.js';
import { readSettings } from './read-settings.js';
import type { Settings } from './settings.js';

/** What the rooms are given. Only the entry points read the environment. */
export interface Config {
  readonly production: boolean;
  readonly http: HttpOptions;
  readonly passwords: PasswordPolicy;
  readonly sessions: SessionPolicy;
  readonly auth: AuthOptions;
  readonly jwt: JwtOptions;
  readonly oauth: OauthOptions;
  readonly storage: StorageOptions;
  readonly port: number;
  readonly host: string;
  readonly logLevel: Settings['LOG_LEVEL'];
  readonly warnings: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration that an environment asks for. Throws `ConfigError` with every mistake in it. */
export function loadConfig(environment: Environment, dataDir: string): Config {
  const production = environment.NODE_ENV === 'production';
  const { settings, warnings } = readSettings(environment, production);
  return {
    production,
    http: {
      cookieSecure: settings.COOKIE_SECURE,
      corsOrigins: settings.CORS_ORIGINS,
      trustProxy: settings.TRUST_PROXY,
      docs: settings.DOCS,
    },
    passwords: { minLength: settings.PASSWORD_MIN_LENGTH },
    sessions: {
      idleSeconds: settings.SESSION_IDLE_SECONDS,
      absoluteSeconds: settings.SESSION_ABSOLUTE_SECONDS,
      graceSeconds: settings.REFRESH_GRACE_SECONDS,
      maxPerUser: settings.SESSION_MAX_PER_USER,
      limitPolicy: settings.SESSION_LIMIT_POLICY,
    },
    auth: {
      mode: settings.AUTH_MODE,
      accept: settings.AUTH_ACCEPT ?? [settings.AUTH_MODE],
    },
    jwt: {
      accessTokenSeconds: settings.ACCESS_TOKEN_SECONDS,
      algorithm: settings.JWT_ALGORITHM,
      issuer: settings.JWT_ISSUER!,
      audience: settings.JWT_AUDIENCE,
      keysFile: settings.JWT_KEYS_FILE ?? `${dataDir}/jwt-keys.${settings.JWT_ALGORITHM}.json`,
      mayGenerateKeys: settings.JWT_KEYS_FILE === null && !production,
    },
    oauth: {
      clientsFile: settings.OAUTH_CLIENTS_FILE ?? (production ? null : `${dataDir}/oauth-clients.json`),
      clientsFileMayBeAbsent: settings.OAUTH_CLIENTS_FILE === null,
    },
    storage: {
      sessionStore: settings.SESSION_STORE,
      databaseUrl: settings.DATABASE_URL,
      redisUrl: settings.REDIS_URL,
      embeddedDataDir: `${dataDir}/postgres`,
    },
    port: settings.PORT,
    host: settings.HOST,
    logLevel: settings.LOG_LEVEL,
    warnings,
  };
}
