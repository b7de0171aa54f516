import { configOfOptions, type SallyportOptions } from '../../src/sallyport-options.js';
import type { UserStore } from '../../src/sallyport.js';
import { FILE_RULES, loadConfig } from '../../src/load-config.js';

const DATABASE = { databaseUrl: 'postgres://localhost/app' } as const;
const read = (options: SallyportOptions, production = false) => configOfOptions(options, production, FILE_RULES);

describe('the options of an application', () => {
  it('are the settings of the service, as values', () => {
    const config = read({
      ...DATABASE,
      authMode: 'jwt',
      authAccept: ['session', 'jwt'],
      sessionIdleSeconds: 900,
      cookieSecure: true,
      corsOrigins: ['https://a.example', 'https://b.example'],
      jwtIssuer: 'https://auth.example.com',
      dataDir: process.env.TEST_FOLDER!,
    });
    const settings = loadConfig(
      {
        DATABASE_URL: DATABASE.databaseUrl,
        AUTH_MODE: 'jwt',
        AUTH_ACCEPT: 'session,jwt',
        SESSION_IDLE_SECONDS: '900',
        COOKIE_SECURE: 'true',
        CORS_ORIGINS: 'https://a.example,https://b.example',
        JWT_ISSUER: 'https://auth.example.com',
      },
      process.env.TEST_FOLDER!,
    );
    expect(config).toEqual(settings);
  });

  it('name every mistake at once, by the names that options have', () => {
    const wrong = {
      sessionIdleSeconds: 90_000,
      sessionStore: 'redis',
      passwordMinLength: 3,
      pasword: 1,
    } as SallyportOptions;
    expect(() => read(wrong)).toThrow(
      [
        'The settings are not right:',
        '  - passwordMinLength must be a whole number from 8 to 64',
        '  - sessionIdleSeconds must not be more than sessionAbsoluteSeconds',
        '  - redisUrl must be set when sessionStore is redis',
        '  - there is no option pasword',
        "  - databaseUrl or dataSource must be given; database: 'memory' is for tests",
      ].join('\n'),
    );
  });

  it.each(['shop.example.com', 'ftp://shop.example.com', '/shop'])('take no %s for a public address', (publicUrl) => {
    expect(() => read({ ...DATABASE, publicUrl })).toThrow('publicUrl must be a URL that begins with http');
  });

  it('leave one place for users, and none that forgets them in production', () => {
    expect(() => read({ ...DATABASE, database: 'memory' })).toThrow('only one can be given');
    expect(() => read({ database: 'memory', sessionStore: 'memory' }, true)).toThrow(
      'must not be memory in production',
    );
    const stores = { users: {} as UserStore };
    const own = {
      stores,
      sessionStore: 'redis',
      redisUrl: 'redis://localhost',
      jwtIssuer: 'https://a.example',
    } as const;
    expect(() => read(own, true)).toThrow('stores must have limits and audit beside users in production');
    expect(() => read({ ...own, ...DATABASE }, true)).not.toThrow();
    expect(() => read(own)).not.toThrow();
  });
});
