import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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

const streams = () => backend.feed.asked.filter(({ kind }) => kind === 'stream');
const pages = () => backend.feed.asked.filter(({ kind }) => kind === 'page');
const becomes = (token: string, code: string) => until(async () => (await service.get('/me', token)).code === code);

test('a healthy feed means that no JWT is asked about', async () => {
  for (let i = 0; i < 5; i++) expect((await service.get('/me', backend.jwt())).status).toBe(200);
  expect(backend.introspections).toBe(0);
});

test('an ended session is refused by the feed alone, and stays refused', async () => {
  const claims = backend.claims();
  const token = backend.jwt(claims);
  expect((await service.get('/me', token)).status).toBe(200);
  backend.feed.end(claims.sid);
  await becomes(token, 'session_revoked');
  expect(backend.introspections).toBe(0);
  backend.feed.isSilent = true;
  service.clock.move(3_100);
  // The backend of this test still says yes: what the feed has said is not taken back.
  expect((await service.get('/me', token)).code).toBe('session_revoked');
});

test('sessions that began before a user-not-before are refused, later ones and those of that second are not', async () => {
  const sub = randomUUID();
  const second = Math.floor(Date.now() / 1000) - 10;
  const [before, within, after] = [-1, 0, 1].map((by) => backend.jwt(backend.claims({ sub, auth_time: second + by })));
  const other = backend.jwt(backend.claims({ auth_time: second - 1 }));
  backend.feed.tell({ type: 'user-not-before', sub, notBefore: second * 1000 + 500 });
  await becomes(before, 'session_revoked');
  for (const token of [within, after, other]) expect((await service.get('/me', token)).status).toBe(200);
});

test('what ended before the service started is known from the first page', async () => {
  const claims = backend.claims();
  backend.feed.end(claims.sid);
  const late = await SecondService.start(backend);
  await late.healthy();
  expect((await late.get('/me', backend.jwt(claims))).code).toBe('session_revoked');
  await late.close();
});

test('a silent feed is trusted for three seconds, then each JWT is asked about', async () => {
  const token = backend.jwt();
  backend.feed.isSilent = true;
  service.clock.move(2_000);
  expect((await service.get('/me', token)).status).toBe(200);
  expect(backend.introspections).toBe(0);
  service.clock.move(1_100);
  for (let i = 1; i <= 3; i++) {
    expect((await service.get('/me', token)).status).toBe(200);
    expect(backend.introspections).toBe(i);
  }
  backend.forget(token);
  expect((await service.get('/me', token)).code).toBe('session_revoked');
});

test('a JWT that the backend disowns because it has just run out is said to have run out', async () => {
  backend.feed.isSilent = true;
  service.clock.move(3_100);
  const now = Math.floor(service.clock.now().wall / 1000);
  const token = backend.jwt(backend.claims({ iat: now - 300, exp: now - 2 }));
  backend.forget(token);
  expect((await service.get('/me', token)).code).toBe('token_expired');
});

test.each([503, 500, 429, 'cut'] as const)(
  'a silent feed and introspection that answers %s is 503 with Retry-After',
  async (how) => {
    backend.feed.isSilent = true;
    service.clock.move(3_100);
    backend.introspectionStatus = how;
    for (const token of [backend.jwt(), backend.opaque()]) {
      const { status, code, headers } = await service.get('/me', token);
      expect([status, code, headers.get('retry-after')]).toEqual([503, 'service_unavailable', '1']);
    }
    expect((await service.get('/me', 'nonsense')).status).toBe(401);
  },
);

test('introspection that hangs is 503 after three seconds', async () => {
  backend.feed.isSilent = true;
  service.clock.move(3_100);
  backend.introspectionStatus = 'hang';
  const began = performance.now();
  expect((await service.get('/me', backend.jwt())).status).toBe(503);
  expect(performance.now() - began).toBeLessThan(4_800);
});

test('a stream that fell silent is given up and taken up again where it stopped, however much garbage was collected', async () => {
  backend.feed.end(randomUUID());
  await until(() => streams().length === 1);
  // A stream is read for days: nothing that can stop it may hang on a reference that the collector takes away.
  setFlagsFromString('--expose-gc');
  for (let i = 0; i < 5; i++) {
    (runInNewContext('gc') as () => void)();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  backend.feed.isSilent = true;
  service.clock.move(3_100);
  await until(() => streams().length === 2);
  backend.feed.isSilent = false;
  await service.healthy();
  expect(streams()[1].after).toBe('c1');
  expect(pages()).toHaveLength(1);
});

test('nothing is lost between a cut and the next stream', async () => {
  const claims = backend.claims();
  backend.feed.end(randomUUID());
  await until(() => backend.feed.asked.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 60));
  backend.feed.cut();
  backend.feed.end(claims.sid);
  await becomes(backend.jwt(claims), 'session_revoked');
  expect(streams().at(-1)?.after).toBe('c1');
  expect(backend.introspections).toBe(0);
});

test('a stream that the backend ends in good order is followed on without a moment of doubt', async () => {
  const claims = backend.claims();
  let doubts = 0;
  const watch = setInterval(() => (doubts += service.feed.healthy() ? 0 : 1), 5);
  for (let round = 2; round <= 4; round++) {
    backend.feed.endStreams();
    await until(() => streams().length === round);
  }
  backend.feed.end(claims.sid);
  await becomes(backend.jwt(claims), 'session_revoked');
  clearInterval(watch);
  expect([doubts, backend.introspections, pages().length]).toEqual([0, 0, 1]);
});

test('nothing is lost when a batch of events breaks off half-way', async () => {
  const [first, second] = [backend.claims(), backend.claims()];
  await until(() => streams().length === 1);
  backend.feed.cutWithinBatch = true;
  backend.feed.tellTogether([first, second].map(({ sid }) => ({ type: 'session-revoked', sid, at: Date.now() })));
  await becomes(backend.jwt(first), 'session_revoked');
  await becomes(backend.jwt(second), 'session_revoked');
  expect(backend.introspections).toBe(0);
});

test('a cursor that the backend no longer knows is dropped for a fresh page, which holds what was missed', async () => {
  const claims = backend.claims();
  backend.feed.oldestCursor = 1_000;
  backend.feed.cut();
  backend.feed.end(claims.sid);
  await until(() => pages().length >= 2);
  backend.feed.oldestCursor = 0;
  await becomes(backend.jwt(claims), 'session_revoked');
  await service.healthy();
});

test('a stream that is held back on its way counts as late, however regular its heartbeats', async () => {
  backend.feed.heldBackMs = 4_000;
  await service.healthy(false);
  await service.get('/me', backend.jwt());
  expect(backend.introspections).toBe(1);
});

test.each([-2_500, 2_500])(
  'a backend whose clock is %i ms from ours is asked about each credential',
  async (offset) => {
    backend.feed.now = () => service.clock.now().wall + offset;
    backend.feed.cut();
    await service.healthy(false);
    // Each stream is left when its first heartbeat tells.
    const before = streams().length;
    await until(() => streams().length >= before + 3);
    await service.get('/me', backend.jwt());
    await service.get('/me', backend.jwt());
    expect(backend.introspections).toBe(2);
    expect(service.feed.healthy()).toBe(false);
    backend.feed.now = () => service.clock.now().wall;
    await service.healthy();
  },
);

test('after a suspended machine wakes the feed is not trusted until it has caught up', async () => {
  backend.feed.isSilent = true;
  service.clock.suspend(60_000);
  await service.get('/me', backend.jwt(backend.claims({ exp: Math.floor(Date.now() / 1000) + 800 })));
  expect(backend.introspections).toBe(1);
  backend.feed.isSilent = false;
  await service.healthy();
});

test('an event that cannot be read ends the trust in the stream, an unknown kind does not', async () => {
  backend.feed.tell({ type: 'something-new', value: 1 });
  const claims = backend.claims();
  backend.feed.end(claims.sid);
  await becomes(backend.jwt(claims), 'session_revoked');
  expect(streams()).toHaveLength(1);
  backend.feed.end('not a uuid');
  await until(() => streams().length > 2);
  service.clock.move(3_100);
  expect(service.feed.healthy()).toBe(false);
});

test('the service starts without the feed, and asks about each credential until it is there', async () => {
  backend.feed.failWith = 503;
  const early = await SecondService.start(backend);
  const token = backend.jwt();
  expect((await early.get('/me', token)).status).toBe(200);
  expect((await early.get('/me', token)).status).toBe(200);
  expect(backend.introspections).toBe(2);
  backend.feed.failWith = null;
  await early.healthy();
  expect((await early.get('/me', token)).status).toBe(200);
  expect(backend.introspections).toBe(2);
  await early.close();
});

test('the service starts and stops with the backend gone, and lets nobody in', async () => {
  const gone = await FakeBackend.start();
  const token = gone.jwt();
  await gone.close();
  const alone = await SecondService.start(gone);
  expect((await alone.get('/me', token)).status).toBe(503);
  expect((await alone.get('/me', gone.opaque())).status).toBe(503);
  await alone.close();
});

test('the feed is asked with the credentials of this service', () => {
  expect(backend.feed.asked.every(({ authorization }) => authorization.startsWith('Basic '))).toBe(true);
});
