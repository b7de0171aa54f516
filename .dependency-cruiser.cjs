/**
 * Who may import whom: `npm run arch`. The rooms and the reasons are in ARCHITECTURE.md.
 *
 *   core <- http <- audit, limits <- users, sessions, keys <- revocations, auth <- oauth <- health   (each imports only what stands to its left)
 *   storage: adapters, seeing only the ports and nouns of the rooms
 *   config: reads the environment's text into the rooms' own option types
 *   app.module <- create-app, load-config, main, cli
 *   packages/verify/src/rules: what the backend and the guard for other services must agree on
 */
const files = (...patterns) => `^src/(${patterns.join('|')})`;

/** What a room may import: itself, the rooms named and nothing else of src. */
const room = (name, mayImport, comment, pathNot = []) => ({
  name: `room-${name}`,
  comment,
  severity: 'error',
  from: { path: files(`${name}/`) },
  to: { path: '^(src/|ormconfig)', pathNot: [files(`${name}/`, ...mayImport.map((other) => `${other}/`)), ...pathNot] },
});

const onlyIn = (name, packages, places, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(src/|ormconfig)', pathNot: places },
  to: { path: packages.map((one) => `node_modules/(@types/)?${one}(/|$)`) },
});

/** Ports and nouns: what an adapter must know of the rooms it serves. */
const PORTS_AND_NOUNS = files(
  'users/(user|user\\.store)\\.ts$',
  'sessions/(session|session\\.store|token\\.store|revocation-hints|retention|session-policy\\.options)\\.ts$',
  'audit/(audit-event|audit-entry|audit-log|audit-trail)\\.ts$',
  'limits/(limit|limit\\.store)\\.ts$',
  'core/(app-error|clock|credential|keyed-hash|origin|seldom|start-error|store-time|store-trouble)\\.ts$',
);

/** Files of core that import no other file: reading the settings may load them. */
const ERRORS = files('core/start-error\\.ts$');
/** By its sources, by its build, and by its name when it is not built. */
const EMBEDDED = '(packages|@sallyport)/embedded-postgres';

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    room('core', [], 'What two rooms need and no room owns: it knows none of them.'),
    room('http', ['core'], 'What our routes ask and answer, on any HTTP engine, knows nothing of users and sessions.'),
    room('edge', ['core', 'http'], 'What only the service has in front of its routes knows nothing of what they do.'),
    room('audit', ['core'], 'What happened to whom is told in ids and words, whatever room it happened in.'),
    room('limits', ['core', 'audit'], 'It counts; what it counts is said by the room that asks.'),
    room('users', ['core', 'http', 'audit', 'limits'], 'Users do not know that sessions exist.'),
    room('sessions', ['core', 'http', 'audit', 'limits'], 'Sessions hold the id of a user and nothing else of one.'),
    room('keys', ['core'], 'Keys sign whatever they are given: of tokens, users and sessions they know nothing.'),
    room(
      'revocations',
      ['core', 'users', 'sessions'],
      'It follows the stores; nobody asks it to let a request in. Of storage it knows which store keeps the sessions.',
      [files('storage/storage\\.options\\.ts$')],
    ),
    room(
      'auth',
      ['core', 'http', 'audit', 'limits', 'users', 'sessions', 'keys'],
      'Of storage only the name of the store, which GET /auth/config tells.',
      [files('storage/storage\\.options\\.ts$')],
    ),
    room(
      'oauth',
      ['core', 'http', 'audit', 'limits', 'users', 'sessions', 'keys', 'revocations', 'auth'],
      'What other services ask stands on everything else.',
    ),
    room(
      'health',
      ['core', 'http', 'users', 'sessions', 'keys', 'revocations', 'auth', 'oauth'],
      'Nobody but the entry points asks how we are.',
    ),
    room('storage', [], 'Adapters see the ports and nouns of the rooms, never their services.', [PORTS_AND_NOUNS]),
    room('config', [], 'Rooms own their options; config imports their types.', [files('.*\\.options\\.ts$'), ERRORS]),
    {
      name: 'config-imports-types',
      comment: 'Reading the settings must not load the rooms: a mistake in them is told before anything else happens.',
      severity: 'error',
      from: { path: files('config/') },
      to: { path: '^src/', pathNot: [files('config/'), ERRORS], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'rooms-do-not-know-the-house',
      comment: 'Options are given to the rooms; only the entry points read the settings and build the application.',
      severity: 'error',
      from: { path: files('[a-z]+/'), pathNot: files('cli/', 'config/') },
      to: { path: files('config/', 'cli/', '[a-z-]+(\\.module)?\\.ts$') },
    },
    onlyIn(
      'sql-in-storage',
      ['typeorm', '@nestjs/typeorm', 'pg', 'pg-[a-z-]+'],
      ['^src/storage/postgres/', '^ormconfig\\.ts$'],
      'Another database is another folder of storage.',
    ),
    {
      name: 'embedded-stands-alone',
      comment: 'The embedded PostgreSQL makes a server and a database, not a schema: it needs Node and the driver.',
      severity: 'error',
      from: { path: EMBEDDED },
      to: { pathNot: [EMBEDDED, 'node_modules/(@types/)?pg/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'embedded-on-demand',
      comment: 'Production images do not hold it, so it is imported where it is wanted, and not at the head of a file.',
      severity: 'error',
      from: { path: '^(src/|ormconfig)' },
      to: { path: EMBEDDED, dynamic: false },
    },
    {
      name: 'stores-on-demand',
      comment:
        'Whoever keeps nothing in Postgres or Redis need not have its driver, so its folder is loaded when it is wanted.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/storage/(postgres|redis)/' },
      to: {
        path: files('storage/(postgres|redis)/'),
        pathNot: files('storage/redis/redis-clock\\.ts$'),
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    onlyIn('redis-in-storage', ['redis', '@redis', 'ioredis'], ['^src/storage/redis/'], 'As for SQL.'),
    onlyIn(
      'jwt-in-auth-jwt',
      ['@nestjs/jwt', 'jsonwebtoken', 'jose', 'jws'],
      ['^src/auth/jwt/', '^src/auth/auth\\.module\\.ts$', '^src/oauth/'],
      'What a credential is made of is known behind the port. The module only registers the library.',
    ),
    {
      name: 'rules-stand-alone',
      comment: 'The backend reads them, too: they know nothing of the guard for other services, nor of how it asks.',
      severity: 'error',
      from: { path: '^packages/verify/src/rules/' },
      to: { path: '^(packages|src)/', pathNot: '^packages/verify/src/rules/' },
    },
    {
      name: 'backend-takes-the-rules-alone',
      comment: 'The guard for other services asks a backend. This is the backend.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^packages/verify/', pathNot: '^packages/verify/(src|dist)/rules/rules\\.' },
    },
    onlyIn(
      'passport-in-auth',
      ['passport', 'passport-local', '@nestjs/passport'],
      ['^src/auth/'],
      'Who proves who they are, and how, is the business of auth.',
    ),
    onlyIn(
      'engines-at-the-edge',
      ['express', 'express-serve-static-core', '@nestjs/platform-express', 'fastify', '@nestjs/platform-fastify'],
      ['^src/edge/'],
      'The rooms know no HTTP engine: an application may bring either.',
    ),
    onlyIn(
      'swagger-where-it-may-be-missing',
      ['@nestjs/swagger'],
      ['^src/edge/', '^src/http/swagger\\.ts$', '^src/describe-api\\.ts$'],
      'An application that describes nothing has none.',
    ),
    {
      name: 'suites-stand-aside',
      comment: 'What judges stores is for tests, ours and those of adopters: the product does not load it.',
      severity: 'error',
      from: { path: '^(src/|ormconfig)', pathNot: files('contract/') },
      to: { path: files('contract/') },
    },
    {
      name: 'tested-by-tests-only',
      comment: 'The product does not load what tests, benchmarks and tools are made of.',
      severity: 'error',
      from: { path: '^(src/|ormconfig)' },
      to: { path: ['^(test|bench|scripts|examples)/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'They are not there in production. The suites for writers of stores run where tests run.',
      severity: 'error',
      from: { path: '^(src/|ormconfig)', pathNot: files('contract/') },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'declared-dependencies',
      comment: 'What is not in package.json is there by accident.',
      severity: 'error',
      from: { path: '^(src/|ormconfig)' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere is one that no rule above has seen.',
      severity: 'error',
      from: { path: '^(src/|ormconfig)' },
      to: { couldNotResolve: true },
    },
    {
      name: 'nobody-is-alone',
      comment: 'A file that nobody imports is no part of the product.',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    // An import of a type is an import: a room that names another's type knows of that room.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
