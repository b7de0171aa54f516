import { FakeBackend } from './support/fake-backend.js';
import { SecondService, until } from './support/second-service.js';
import { Signer } from './support/signer.js';

let backend: FakeBackend;
let service: SecondService;

beforeEach(async () => {
  backend = await FakeBackend.start();
  service = await SecondService.start(backend, { whenLost: { acceptSignedForSeconds: 600 } });
  await service.healthy();
});
afterEach(async () => {
  await service.close();
  await backend.close();
});

const longLived = () => backend.claims({ exp: Math.floor(Date.now() / 1000) + 890 });
const outcome = async (token: string) => {
  const { status, code } = await service.get('/me', token);
  return code ?? status;
};

/** The backend falls silent, and neither answers a question. */
function lose(): void {
  backend.feed.isSilent = true;
  backend.introspectionStatus = 503;
  backend.keySetStatus = 503;
  service.clock.move(3_100);
}

test('a service that has chosen so accepts signed tokens for so long after the loss, and not a second longer', async () => {
  const token = backend.jwt(longLived());
  expect(await outcome(token)).toBe(200);
  lose();
  expect(await outcome(token)).toBe(200);
  // The keys may be kept for five minutes; those that were read last go on.
  service.clock.move(590_000);
  expect(await outcome(token)).toBe(200);
  service.clock.move(12_000);
  expect(await outcome(token)).toBe('service_unavailable');
});

test('it accepts nothing but tokens whose signature is good and that have not run out', async () => {
  const [ended, expired] = [backend.claims(), backend.claims({ exp: Math.floor(Date.now() / 1000) + 60 })];
  await service.get('/me', backend.jwt());
  backend.feed.end(ended.sid);
  await until(async () => (await outcome(backend.jwt(ended))) === 'session_revoked');
  lose();
  service.clock.move(100_000);
  expect(await outcome(backend.jwt())).toBe(200);
  expect(await outcome(backend.jwt(ended))).toBe('session_revoked');
  expect(await outcome(backend.jwt(expired))).toBe('token_expired');
  expect(await outcome(Signer.make('ES256', 'first').sign(backend.claims()))).toBe('token_invalid');
  expect(await outcome(Signer.make('ES256', 'other').sign(backend.claims()))).toBe('service_unavailable');
  expect(await outcome(backend.opaque())).toBe('service_unavailable');
});

test('it asks as long as there is an answer', async () => {
  const token = backend.jwt();
  backend.feed.isSilent = true;
  service.clock.move(3_100);
  expect(await outcome(token)).toBe(200);
  backend.forget(token);
  expect(await outcome(token)).toBe('session_revoked');
  expect(backend.introspections).toBe(2);
});

test('only the first request waits for a backend that says nothing', async () => {
  const token = backend.jwt();
  await service.get('/me', token);
  lose();
  backend.introspectionStatus = 'hang';
  expect(await outcome(token)).toBe(200);
  for (let i = 0; i < 5; i++) expect(await outcome(token)).toBe(200);
  expect(backend.introspections).toBe(1);
  service.clock.move(1_100);
  backend.introspectionStatus = 503;
  await outcome(token);
  expect(backend.introspections).toBe(2);
});

test('a service that has never heard the feed has lost nothing, and lets nobody in', async () => {
  backend.feed.failWith = 503;
  const early = await SecondService.start(backend, { whenLost: { acceptSignedForSeconds: 600 } });
  const token = backend.jwt();
  expect((await early.get('/me', token)).status).toBe(200);
  backend.introspectionStatus = 503;
  expect((await early.get('/me', token)).status).toBe(503);
  await early.close();
});
