/** What the log is made of: the context of a line, what it tells, and at which level. All of it goes to stdout; the audit trail is a table as well. */
export const LOG_LINES: readonly (readonly [context: string, tells: string, level: string])[] = [
  ['request', 'each request when it is answered: id, trace, method, route, status, time', 'info'],
  ['audit', 'logins, ends of sessions, changes of users, refusals: ids, request, address', 'always'],
  ['audit-keeper', 'months of the audit trail that could not be made or dropped', 'warn'],
  ['http', 'what was answered by 5xx: kind, code and place of the cause, never its message', 'error'],
  ['use', 'a use that could not be written', 'warn'],
  ['sweeper', 'how many dead sessions or old counts were deleted; that they could not be', 'info, warn, error'],
  ['revocations', 'the feed of revocations lost or found again, a hint that was not sent, a wrong clock', 'warn'],
  [
    'database',
    'Postgres out of reach at the start, lost connections, the embedded one started again or lost',
    'warn, error',
  ],
  ['redis', 'Redis out of reach', 'warn'],
  ['the name of a setting', 'the file that it names cannot be used, or can again', 'warn'],
  ['settings', 'what is allowed and still odd about the settings', 'warn'],
  ['claims', 'a claim that an application has told and that cannot be: its name and what is wrong with it', 'error'],
  ['events', 'a listener of an application that failed: the name of the event and of the failure', 'error'],
  ['sallyport', 'that it is ready, and where', 'info'],
];

/** What must stay secret: how it is kept, and how it is replaced. */
export const SECRETS: readonly (readonly [secret: string, kept: string, replaced: string])[] = [
  ['passwords', 'argon2id hashes in Postgres', 'by their user, at any time; never by age'],
  ['session and refresh tokens', 'SHA-256 digests in the store', 'at every refresh; over when their session is'],
  [
    'signing keys',
    'the file of `JWT_KEYS_FILE`, readable by its owner',
    '`npm run keys -- rotate`, while the service runs',
  ],
  [
    'secrets of other services',
    'SHA-256 digests in the file of `OAUTH_CLIENTS_FILE`',
    '`npm run client`: add another client, move the service to it, remove the first',
  ],
  ['passwords of the stores', '`DATABASE_URL` and `REDIS_URL`', 'in the store and in the setting, with a restart'],
  [
    'password of the embedded database',
    'a file in its data folder, readable by its user',
    'it listens on this machine alone',
  ],
];
