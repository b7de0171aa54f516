import { randomUUID } from 'node:crypto';
import { FakeBackend } from './support/fake-backend.js';
import { SecondService, until } from './support/second-service.js';

let backend: FakeBackend;
let service: SecondService;

beforeEach(async () => {
  backend = await FakeBackend.start();
  service = await SecondService.start(backend);
  await service.healthy();
});
afterEach(async () => {
  await service.close();
  await backend.close();
});

async function pass(ms: number): Promise<void> {
  service.clock.move(ms);
  await service.healthy();
}
const becomes = (token: string, code: string) => until(async () => (await service.get('/me', token)).code === code);

test('asks once in thirty seconds about a token that is used all the time (R9.6)', async () => {
  const token = backend.opaque();
  for (let i = 0; i < 5; i++) expect((await service.get('/me', token)).status).toBe(200);
  await pass(26_000);
  await service.get('/me', token);
  expect(backend.introspections).toBe(1);
  await pass(4_000);
  await service.get('/me', token);
  expect(backend.introspections).toBe(2);
});

test('asks each time when told to keep nothing', async () => {
  const strict = await SecondService.start(backend, { cacheSeconds: 0 });
  await strict.healthy();
  const token = backend.opaque();
  for (let i = 0; i < 3; i++) await strict.get('/me', token);
  expect(backend.introspections).toBe(3);
  await strict.close();
});

test('lets no handler write a role into the answer that the next request is given', async () => {
  const token = backend.opaque();
  expect((await service.get('/greedy', token)).status).toBe(500);
  expect((await service.get('/admin', token)).code).toBe('forbidden');
  expect(backend.introspections).toBe(1);
});

test('keeps no answer past the end of the session', async () => {
  const token = backend.opaque(backend.claims({ exp: Math.floor(Date.now() / 1000) + 10 }));
  expect((await service.get('/me', token)).status).toBe(200);
  await pass(11_000);
  expect((await service.get('/me', token)).code).toBe('token_invalid');
  expect(backend.introspections).toBe(2);
});

test('keeps no refusal: a token unknown a moment ago is asked about again', async () => {
  const claims = backend.claims();
  const token = backend.opaque(claims);
  backend.forget(token);
  expect((await service.get('/me', token)).code).toBe('token_invalid');
  backend.know(token, claims);
  expect((await service.get('/me', token)).status).toBe(200);
});

test('a kept answer dies with its session, by the feed', async () => {
  const claims = backend.claims();
  const token = backend.opaque(claims);
  await service.get('/me', token);
  backend.feed.end(claims.sid);
  await becomes(token, 'session_revoked');
  expect(backend.introspections).toBe(1);
});

test('a kept answer dies with the earlier sessions of its user', async () => {
  const claims = backend.claims({ sub: randomUUID() });
  const token = backend.opaque(claims);
  await service.get('/me', token);
  backend.feed.tell({ type: 'user-not-before', sub: claims.sub, notBefore: Date.now() });
  await becomes(token, 'session_revoked');
  expect(backend.introspections).toBe(1);
});

test('no kept answer is used while the feed is not healthy', async () => {
  const token = backend.opaque();
  await service.get('/me', token);
  backend.feed.isSilent = true;
  service.clock.move(3_100);
  for (let i = 2; i <= 4; i++) {
    await service.get('/me', token);
    expect(backend.introspections).toBe(i);
  }
  backend.forget(token);
  expect((await service.get('/me', token)).code).toBe('token_invalid');
});

test('an answer that was on its way while the session ended lets nobody in, then or later', async () => {
  const claims = backend.claims();
  const token = backend.opaque(claims);
  let release = (): void => undefined;
  backend.heldAnswer = new Promise((resolve) => (release = resolve));
  const racing = service.get('/me', token);
  await until(() => backend.introspections === 1);
  // The backend has read "live"; now the session ends, the feed says so, and only then does the answer arrive.
  const witness = backend.claims();
  backend.feed.end(claims.sid);
  backend.feed.end(witness.sid);
  await becomes(backend.jwt(witness), 'session_revoked');
  release();
  expect((await racing).code).toBe('session_revoked');
  expect((await service.get('/me', token)).code).toBe('session_revoked');
});

test('an answer that took long is kept from when it was asked for, not from when it came', async () => {
  const token = backend.opaque();
  let release = (): void => undefined;
  backend.heldAnswer = new Promise((resolve) => (release = resolve));
  const slow = service.get('/me', token);
  await until(() => backend.introspections === 1);
  await pass(27_000);
  release();
  expect((await slow).status).toBe(200);
  await pass(3_500);
  await service.get('/me', token);
  expect(backend.introspections).toBe(2);
});

test('has at most a hundred questions under way: the rest hear 503 instead of waiting', async () => {
  backend.introspectionStatus = 'hang';
  const answers = await Promise.all(Array.from({ length: 130 }, () => service.get('/me', backend.opaque())));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  expect(backend.introspections).toBeLessThanOrEqual(100);
});
