import { LONGEST_LIFE_SECONDS } from '@sallyport/verify/rules';
import { flag, integer, listOf, oneOf, origins, text, trustProxy, url } from './setting.js';

const MODES = ['session', 'jwt'] as const;

/** Every setting, its rule, its default and its meaning. The table in the README is made from this one. */
export const SETTINGS = {
  AUTH_MODE: oneOf(MODES, 'session', '`session` or `jwt`: what a login issues'),
  AUTH_ACCEPT: listOf(
    MODES,
    'the mode',
    'comma list: the credentials that are honoured, so that a deployment can move between modes with nobody logged out',
  ),
  SESSION_STORE: oneOf(
    ['postgres', 'redis', 'memory'],
    'postgres',
    'where sessions live: `postgres`, `redis` or `memory` (one process, forgets at a restart, refused in production)',
  ),
  DATABASE_URL: url(
    ['postgres:', 'postgresql:'],
    null,
    'embedded',
    'Postgres 14 or newer; unset: an embedded one in `./.data`',
    [/^\/?[^/]*$/, 'must name one database after its host, or none'],
  ),
  REDIS_URL: url(
    ['redis:', 'rediss:'],
    null,
    'none',
    'Redis 6.2 or Valkey 7.2, or newer; needed by `SESSION_STORE=redis`',
    [/^\/?\d{0,5}$/, 'must have the number of a database after its host, or nothing'],
  ),
  SESSION_IDLE_SECONDS: integer(1, 2_592_000, 1800, 'a session ends when it was not used for this long'),
  SESSION_ABSOLUTE_SECONDS: integer(1, 2_592_000, 43_200, 'a session ends after this long, whatever happens'),
  SESSION_MAX_PER_USER: integer(1, 100, 10, 'devices that a user may be logged in on'),
  SESSION_LIMIT_POLICY: oneOf(
    ['evict-oldest', 'reject'],
    'evict-oldest',
    'one login more: `evict-oldest` ends the device not seen for longest, `reject` refuses the login',
  ),
  ACCESS_TOKEN_SECONDS: integer(60, LONGEST_LIFE_SECONDS, 300, 'life of a JWT access token'),
  REFRESH_GRACE_SECONDS: integer(0, 60, 10, 'how long a token that was just replaced still gets the same successor'),
  JWT_ALGORITHM: oneOf(['ES256', 'RS256', 'PS256', 'HS256'], 'ES256', 'what signs access tokens'),
  JWT_ISSUER: url(
    ['http:', 'https:'],
    null,
    '`http://localhost` and the port; must be set in production',
    'the `iss` of tokens and metadata, and the address under which clients find the service: behind a proxy that has put it under a path, with that path',
  ),
  JWT_AUDIENCE: text('sallyport', '`sallyport`', 'the `aud` of access tokens'),
  JWT_KEYS_FILE: text(null, 'generated', 'a JWK set with private keys; needed in production when jwt is in use'),
  OAUTH_CLIENTS_FILE: text(
    null,
    'none; outside production `./.data/oauth-clients.json` if it is there',
    'resource servers that may introspect, revoke and follow the feed: ids and digests of secrets',
  ),
  PASSWORD_MIN_LENGTH: integer(8, 64, 15, 'in code points'),
  COOKIE_SECURE: flag((production) => production, 'true in production', '`Secure` cookies under `__Host-` names'),
  CORS_ORIGINS: origins('none', 'comma list of exact origins of other sites whose pages may call'),
  TRUST_PROXY: trustProxy('none', 'number of proxies in front, or a comma list of their addresses and CIDR ranges'),
  HTTP_ENGINE: oneOf(['express', 'fastify'], 'express', 'what serves HTTP: `express` or `fastify`'),
  RATE_LIMITS: flag(true, 'on', 'the limits below; `off` is for tests and refused in production'),
  PORT: integer(0, 65_535, 3000, '0 picks a free one'),
  HOST: text(
    (production) => (production ? '0.0.0.0' : '127.0.0.1'),
    '127.0.0.1 (0.0.0.0 in production)',
    'address to listen on',
  ),
  DOCS: flag((production) => !production, 'on outside production', 'Swagger UI at `/docs`'),
  AUDIT_RETENTION_DAYS: integer(30, 3650, 400, 'days after which a month of the audit trail is dropped'),
  LOG_LEVEL: oneOf(
    ['debug', 'info', 'warn', 'error'],
    'info',
    'least severity that is logged; the audit trail is logged whatever this says',
  ),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { [K in SettingName]: ReturnType<(typeof SETTINGS)[K]['read']> };
