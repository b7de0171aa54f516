import { maxHeaderSize } from 'node:http';
import { CLOCK_SKEW_SECONDS, LONGEST_LIFE_SECONDS } from '../../packages/verify/src/rules/access-token.js';
import { SETTINGS } from '../../src/config/settings.js';
import * as server from '../../src/edge/bounded-server.js';
import * as deadline from '../../src/edge/deadline.js';
import * as head from '../../src/edge/request-head.js';
import * as body from '../../src/http/body-rules.js';
import * as rotation from '../../src/keys/key-rotation.js';
import { MIN_SECRET_BYTES } from '../../src/keys/jwk.js';
import * as poller from '../../src/revocations/revocation.poller.js';
import { REVOCATION_BOUND_MS } from '../../src/sessions/ended-lately.js';
import { SECRET_BYTES } from '../../src/sessions/opaque-token.js';
import * as retention from '../../src/sessions/retention.js';
import { touchIntervalMs } from '../../src/sessions/session-policy.options.js';
import { DRAIN_MS, GIVE_UP_MS } from '../../src/stop.js';
import { dataSourceOptions } from '../../src/storage/postgres/data-source.js';
import { RETRY_FOR_MS } from '../../src/storage/postgres/patience.js';
import { REDIS_TIMES } from '../../src/storage/redis/redis-client.js';
import * as password from '../../src/users/new-password.js';
import * as queue from '../../src/users/hash-queue.js';
import * as hasher from '../../src/users/password-hasher.js';

/** What it is, how much the code says it is, and why it is as much. */
type NumberRow = readonly [name: string, value: string, reason: string];

const number = (value: number): string => value.toLocaleString('en-US');
const bytes = (value: number): string => (value % 1024 === 0 ? `${value / 1024} KiB` : `${number(value)} bytes`);

function time(ms: number): string {
  const units = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ] as const;
  const [size, unit] = units.find(([size]) => ms >= size && ms % size === 0) ?? [1, 'ms'];
  const count = ms / size;
  return `${number(count)} ${unit}${unit === 'ms' || count === 1 ? '' : 's'}`;
}

/** The default of a setting, which an operator may change. */
const setting = (name: 'SESSION_MAX_PER_USER' | 'PASSWORD_MIN_LENGTH'): string =>
  `${SETTINGS[name].fallback(false)} (\`${name}\`)`;
const lasting = (
  name: 'SESSION_IDLE_SECONDS' | 'SESSION_ABSOLUTE_SECONDS' | 'ACCESS_TOKEN_SECONDS' | 'REFRESH_GRACE_SECONDS',
): string => `${time(SETTINGS[name].fallback(false) * 1000)} (\`${name}\`)`;

const seconds = (name: 'SESSION_IDLE_SECONDS'): number => SETTINGS[name].fallback(false);
const touched = touchIntervalMs({ idleSeconds: seconds('SESSION_IDLE_SECONDS') } as Parameters<
  typeof touchIntervalMs
>[0]);
const pool = dataSourceOptions('postgres://localhost') as {
  poolSize: number;
  connectTimeoutMS: number;
  extra: { statement_timeout: number; query_timeout: number };
};
const { memoryCost, timeCost, parallelism } = hasher.PARAMETERS;

export const NUMBERS: Readonly<Record<string, readonly NumberRow[]>> = {
  'Sessions and tokens': [
    [
      'idle timeout',
      lasting('SESSION_IDLE_SECONDS'),
      'a device that was left open is closed within a coffee break (OWASP: 15 to 30 minutes)',
    ],
    [
      'absolute timeout',
      lasting('SESSION_ABSOLUTE_SECONDS'),
      'a working day with its evening; NIST SP 800-63B-4 allows 24 hours at AAL2',
    ],
    [
      'sessions of a user',
      setting('SESSION_MAX_PER_USER'),
      `the devices of one person and some to spare; one login more follows \`SESSION_LIMIT_POLICY\`, by default \`${SETTINGS.SESSION_LIMIT_POLICY.fallback(false)}\``,
    ],
    [
      'use is written',
      `once in ${time(touched)} at most`,
      'a row is not written on every request; never later than a quarter of the idle timeout',
    ],
    [
      'life of an access token',
      lasting('ACCESS_TOKEN_SECONDS'),
      'as long as a stolen copy may be worth something to whoever asks no feed and no introspection',
    ],
    [
      'longest life of an access token',
      time(LONGEST_LIFE_SECONDS * 1000),
      'a setting cannot make it longer, and no verifier believes a longer one',
    ],
    [
      'clock difference that is forgiven',
      time(CLOCK_SKEW_SECONDS * 1000),
      'tokens are dated by the store’s clock; this is for verifiers on other machines',
    ],
    [
      'window of a refresh',
      lasting('REFRESH_GRACE_SECONDS'),
      'two tabs and a lost answer get the same successor; a thief would have to refresh as soon after the owner, every time',
    ],
    [
      'remembered tokens of a session',
      number(retention.REMEMBERED_GENERATIONS),
      'an older copy is noticed as theft, and what one session can fill is bounded',
    ],
    ['a dead session is remembered', time(retention.DEAD_REMEMBERED_MS), 'its holder hears why it ended'],
    ['random bits of a token', number(SECRET_BYTES * 8), 'twice what ASVS 7.2.3 asks for'],
  ],
  Revocation: [
    [
      'bound on other instances',
      time(REVOCATION_BOUND_MS),
      'what ended elsewhere is let in for no longer, whatever fails; in session mode it is not let in at all',
    ],
    ['the store is asked', `every ${time(poller.POLL_EVERY_MS)}`, 'two chances within the bound, when no hint arrives'],
    ['what has ended is told', `for ${time(retention.ENDED_LATELY_MS)}`, 'a minute longer than any access token lives'],
  ],
  Passwords: [
    [
      'shortest',
      `${setting('PASSWORD_MIN_LENGTH')} code points`,
      'NIST SP 800-63B-4 for a password that is the only factor',
    ],
    [
      'longest',
      `${hasher.MAX_CODE_POINTS} code points and ${bytes(hasher.MAX_BYTES)}`,
      'no cost without bound; a longer one is refused and never cut',
    ],
    [
      'argon2id',
      `${number(memoryCost)} KiB, ${timeCost} passes, ${parallelism} lane`,
      'the OWASP minimum that a small machine can carry',
    ],
    [
      'wait for a hash',
      `${time(queue.STRANGERS_WAIT_MS)} at most, ${time(queue.LONGEST_WAIT_MS)} for known devices and whoever is logged in`,
      'more logins than the cores can hash are told to come back, so that nobody else waits; strangers cannot take the whole of it',
    ],
    [
      'context words',
      `\`${password.SERVICE_NAME}\`, the e-mail address, its parts and its host, of ${password.SHORTEST_CONTEXT_WORD} characters or more`,
      'whoever attacks one account tries these first; also in leet, and with digits or one common password beside them',
    ],
    [
      'common passwords',
      'a list in the program',
      '[what is on it and why](decisions/0007-a-list-of-common-passwords.md)',
    ],
  ],
  Requests: [
    [
      'head',
      `${time(server.TIMES.headersTimeout)}, ${head.MAX_HEADER_FIELDS} fields, ${bytes(maxHeaderSize)}`,
      'slow and swollen heads hold a connection; the size is Node’s own',
    ],
    ['whole request', time(server.TIMES.requestTimeout), 'a body of 16 KiB needs a fraction of it on any line'],
    [
      'body',
      `${bytes(body.JSON_LIMIT)} of JSON, ${bytes(body.FORM_LIMIT)} of a form`,
      'the largest honest body has a tenth of it',
    ],
    ['shape of a body', `${body.MAX_DEPTH} levels, ${body.MAX_KEYS} fields`, 'no honest body is deeper than two'],
    ['answer', `503 after ${time(deadline.LONGEST_MS)}`, 'a client that waits longer asks again anyway'],
    [
      'unread answer',
      `${time(server.UNREAD_MS)} without progress, twice at most`,
      'a reader that sleeps must not keep a connection',
    ],
    [
      'idle connection',
      time(server.TIMES.keepAliveTimeout),
      'longer than balancers keep theirs, so that none is closed by both at once',
    ],
    ['connections', number(server.MAX_CONNECTIONS), 'a process is often allowed 4,096 open files'],
    [
      'stop',
      `${time(DRAIN_MS)} not ready in production, ${time(GIVE_UP_MS)} in all`,
      'a balancer notices first; orchestrators kill after 30 seconds or less',
    ],
  ],
  Stores: [
    [
      'Postgres: connections of an instance',
      number(pool.poolSize),
      'more would wait inside a small database instead of in front of it',
    ],
    ['Postgres: to connect', time(pool.connectTimeoutMS), 'an outage is an answer, not a hang'],
    [
      'Postgres: a statement',
      `${time(pool.extra.statement_timeout)} there, ${time(pool.extra.query_timeout)} here`,
      'the database gives up first and says so; together they stay within the answer',
    ],
    ['Redis: to connect', time(REDIS_TIMES.connect), 'as above'],
    ['Redis: a reply', time(REDIS_TIMES.reply), 'one connection, on which a late reply delays all others'],
    [
      'Redis: silence',
      `${time(REDIS_TIMES.silence)}, asked every ${time(REDIS_TIMES.ping)}`,
      'a link that swallows everything looks healthy until somebody asks',
    ],
    [
      'audit trail',
      `kept for ${SETTINGS.AUDIT_RETENTION_DAYS.fallback(false)} days (\`AUDIT_RETENTION_DAYS\`)`,
      'a year, and some weeks to look into it',
    ],
    [
      'a database that is missing at the start',
      `tried for ${time(RETRY_FOR_MS)}`,
      'it often starts beside the service',
    ],
  ],
  Keys: [
    [
      'a new key is published before it signs',
      time(rotation.LEAD_MS),
      `others may keep the key set for ${time(rotation.JWKS_MAX_AGE_MS)}`,
    ],
    [
      'an old key is published after it signed last',
      time(rotation.TAIL_MS),
      'the longest token, late clocks and a kept key set',
    ],
    ['a retired key is listed', time(rotation.RETIRED_KEPT_MS), 'for whoever asks what became of it'],
    ['a shared secret (HS256)', `${MIN_SECRET_BYTES} bytes at least`, 'as many bits as the hash has'],
  ],
};
