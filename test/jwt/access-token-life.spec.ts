import { AccessTokens } from '../../src/auth/access-tokens.js';
import { JwtStrategy } from '../../src/auth/jwt/jwt.strategy.js';
import { StoreTime } from '../../src/core/store-time.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import { Client } from '../support/client.js';
import { startApp, type TestApp } from '../support/test-app.js';

describe('the life of an access token', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ AUTH_MODE: 'jwt', SESSION_STORE: 'memory' });
  });
  afterAll(() => app.close());

  it.each([
    [-2_000, 0],
    [0, 0],
    [1, 0],
    [900, 0],
    [1_000, 1],
    [1_900, 1],
    [299_000, 299],
    [400_000, 300],
  ])('ends with its session, which ends in %i ms: it works for %i seconds', async (leftMs, seconds) => {
    const ada = await new Client(app.url).join();
    const sessions = app.nest.get(SessionsService, { strict: false });
    const [session] = await sessions.list((await ada.me()).body.user['id']);
    const time = app.nest.get(StoreTime, { strict: false });
    const now = Math.floor(time.now() / 1000) * 1000 + 50;
    jest.spyOn(time, 'now').mockReturnValue(now);
    const expiresAt = new Date(now - 50 + leftMs);
    const holder = { session: { ...session!, expiresAt }, roles: [] };
    const { accessToken, expiresIn } = app.nest.get(JwtStrategy, { strict: false }).issue({ holder, token: 'ref_x' });
    const tokens = app.nest.get(AccessTokens, { strict: false });
    const claims = tokens.read(accessToken)!;
    jest.restoreAllMocks();
    expect(expiresIn).toBe(seconds);
    expect(claims.exp * 1000).toBeLessThanOrEqual(expiresAt.getTime());
    expect(claims.iat).toBeLessThan(claims.exp);
    expect(tokens.hasExpired(claims)).toBe(seconds === 0);
  });
});
