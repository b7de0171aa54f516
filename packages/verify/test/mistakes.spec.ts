import { createVerifier, type Verifier, type VerifyOptions } from '../src/plain.js';
import { CLIENT, FakeBackend, ISSUED_FOR } from './support/fake-backend.js';
import { until } from './support/second-service.js';
import { Signer } from './support/signer.js';
import { ToldLog } from './support/told-log.js';

let backend: FakeBackend;
let log: ToldLog;
let verifier: Verifier;

beforeEach(async () => {
  backend = await FakeBackend.start();
  log = new ToldLog();
});
afterEach(async () => {
  await verifier.close();
  await backend.close();
});

function start(options: Partial<VerifyOptions> = {}): void {
  verifier = createVerifier({ issuer: backend.issuer, audience: ISSUED_FOR, log, ...CLIENT, ...options });
}
const hears = (text: string | RegExp) => until(() => log.told.some((sentence) => sentence.search(text) >= 0));
const refusals = () => log.told.filter((sentence) => sentence.includes('was refused'));
const attempt = (token: string) => verifier.verifyToken(token).catch(() => undefined);

describe('at the start, the log says', () => {
  test('that the auth service has another issuer', async () => {
    backend.metadata = { issuer: 'https://auth.example' };
    start();
    await hears(`The option issuer is "${backend.issuer}", and the auth service there calls itself "https://auth.exa`);
  });

  test('that its tokens are for another audience, where it publishes that', async () => {
    backend.metadata = { sallyport_audience: 'sallyport' };
    start();
    await hears('The option audience is "orders-api", and the auth service makes its tokens for "sallyport"');
  });

  test('that there is something else than an auth service', async () => {
    backend.metadataStatus = 404;
    start();
    await hears(/no auth service answers there \(status 404\)/);
  });

  test('that the client id or secret is wrong, before any user comes, and once', async () => {
    start({ clientSecret: 'wrong' });
    await hears('clientId or clientSecret is wrong');
    await attempt(backend.opaque());
    await until(() => log.told.length > 1);
    expect(log.told.filter((sentence) => sentence.includes('clientSecret'))).toHaveLength(1);
    expect(log.told.join()).not.toContain('secret: with a colon');
  });

  test('nothing of an auth service that fits', async () => {
    start();
    await until(() => verifier.feed.healthy());
    expect(log.told).toEqual(['Following the feed of ended sessions.']);
  });

  test('nothing of one that is not there yet, and looks when it comes', async () => {
    backend.metadataStatus = 503;
    backend.metadata = { issuer: 'https://auth.example' };
    start();
    await until(() => verifier.feed.healthy());
    expect(log.told).toEqual(['Following the feed of ended sessions.']);
    backend.metadataStatus = 200;
    await hears('calls itself');
  });
});

describe('a token of the backend that is refused for', () => {
  beforeEach(() => start());

  test('its iss or its aud is told once for each value, with what was expected', async () => {
    for (let i = 0; i < 3; i++) {
      await attempt(backend.jwt(backend.claims({ iss: 'http://localhost:3000' })));
      await attempt(backend.jwt(backend.claims({ aud: ['billing', 'mail'] })));
      await attempt(backend.opaque(backend.claims({ aud: undefined })));
    }
    expect(refusals()).toEqual([
      `A token of the auth service was refused whose iss is "http://localhost:3000": the option issuer says "${backend.issuer}".`,
      'A token of the auth service was refused whose aud is ["billing","mail"]: the option audience says "orders-api".',
      'A token of the auth service was refused whose aud is missing: the option audience says "orders-api".',
    ]);
  });

  test('twenty different ones is told of those, and then no more', async () => {
    for (let i = 0; i < 25; i++) await attempt(backend.jwt(backend.claims({ aud: `service-${i}` })));
    expect(refusals()).toHaveLength(20);
  });

  test('anything else is not told, nor is what somebody has forged', async () => {
    await attempt(backend.jwt(backend.claims({ jti: 'x' })));
    await attempt(Signer.make('ES256', 'first').sign(backend.claims({ iss: 'https://evil.example' })));
    expect(refusals()).toEqual([]);
  });

  test('its iss is not told where its signature cannot be checked', async () => {
    backend.keySet = { keys: [] };
    await attempt(Signer.make('ES256', 'first').sign(backend.claims({ iss: 'https://evil.example' })));
    expect(refusals()).toEqual([]);
  });
});
