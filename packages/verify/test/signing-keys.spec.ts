import { FakeBackend } from './support/fake-backend.js';
import { SecondService, until } from './support/second-service.js';
import { type Json, Signer } from './support/signer.js';

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

/** Moves the clock beyond a pause and waits until the feed is in step again, so that only the keys are of interest. */
async function pass(ms: number): Promise<void> {
  service.clock.move(ms);
  await service.healthy();
}
const signedBy = (signer: Signer) => signer.sign({ ...backend.claims(), exp: Math.floor(Date.now() / 1000) + 800 });

test('reads the keys once for many tokens, and many at once', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => service.get('/me', backend.jwt())));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(backend.keySetReads).toBe(1);
});

test('finds a new key by one more look', async () => {
  await service.get('/me', backend.jwt());
  const next = Signer.make('ES256', 'next');
  backend.keySet = { keys: [next.jwk, backend.signer.jwk] };
  const answers = await Promise.all(Array.from({ length: 10 }, () => service.get('/me', signedBy(next))));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(backend.keySetReads).toBe(2);
});

test('looks at most once in thirty seconds for a kid that somebody made up', async () => {
  await service.get('/me', backend.jwt());
  for (let i = 0; i < 5; i++)
    expect((await service.get('/me', signedBy(Signer.make('ES256', `made-up-${i}`)))).code).toBe('token_invalid');
  expect(backend.keySetReads).toBe(2);
  await pass(25_000);
  await service.get('/me', signedBy(Signer.make('ES256', 'made-up')));
  expect(backend.keySetReads).toBe(2);
  await pass(6_000);
  await service.get('/me', signedBy(Signer.make('ES256', 'made-up')));
  expect(backend.keySetReads).toBe(3);
  expect(backend.introspections).toBe(0);
});

test('stops using a key that was taken out of the set once the set is five minutes old', async () => {
  const old = signedBy(backend.signer);
  expect((await service.get('/me', old)).status).toBe(200);
  backend.keySet = { keys: [Signer.make('ES256', 'next').jwk] };
  await pass(290_000);
  expect((await service.get('/me', old)).status).toBe(200);
  await pass(11_000);
  expect((await service.get('/me', old)).code).toBe('token_invalid');
});

describe('a key that the feed calls retired', () => {
  const becomes = (token: string, code: string) => until(async () => (await service.get('/me', token)).code === code);
  const retire = () => backend.feed.tell({ type: 'key-retired', kid: backend.signer.kid });

  test('is used no more at once, though the set that is kept holds it, and no question is asked', async () => {
    const [old, other] = [signedBy(backend.signer), Signer.make('ES256', 'next')];
    backend.keySet = { keys: [other.jwk, backend.signer.jwk] };
    expect((await service.get('/me', old)).status).toBe(200);
    retire();
    await becomes(old, 'token_invalid');
    expect((await service.get('/me', signedBy(other))).status).toBe(200);
    expect([backend.keySetReads, backend.introspections]).toEqual([1, 0]);
  });

  test('stays out when another instance still publishes it, as long as a set is kept, and is a key again after that', async () => {
    const old = () =>
      backend.signer.sign({ ...backend.claims(), iat: seconds(), auth_time: seconds(), exp: seconds() + 60 });
    const seconds = () => Math.floor(service.clock.now().wall / 1000);
    retire();
    await becomes(old(), 'token_invalid');
    await pass(3_590_000);
    expect((await service.get('/me', old())).code).toBe('token_invalid');
    await pass(11_000);
    expect((await service.get('/me', old())).status).toBe(200);
  });

  test('is none that is left when the backend is gone', async () => {
    const brave = await SecondService.start(backend, { whenLost: { acceptSignedForSeconds: 900 } });
    await brave.healthy();
    const other = Signer.make('ES256', 'other');
    backend.keySet = { keys: [other.jwk, backend.signer.jwk] };
    const [old, young] = [backend.jwt(), signedBy(other)];
    expect((await brave.get('/me', old)).status).toBe(200);
    retire();
    await until(async () => (await brave.get('/me', old)).code === 'token_invalid');
    backend.feed.isSilent = true;
    backend.introspectionStatus = 503;
    brave.clock.move(3_100);
    expect((await brave.get('/me', young)).status).toBe(200);
    expect((await brave.get('/me', old)).code).toBe('token_invalid');
    await brave.close();
  });
});

test('asks the backend about JWTs when the keys cannot be had, and 503 when that fails too', async () => {
  backend.keySetStatus = 503;
  expect((await service.get('/me', backend.jwt())).status).toBe(200);
  expect(backend.introspections).toBe(1);
  backend.introspectionStatus = 503;
  expect((await service.get('/me', backend.jwt())).status).toBe(503);
});

test('an unknown kid is not called bad while the look for new keys fails', async () => {
  await service.get('/me', backend.jwt());
  backend.keySetStatus = 503;
  const claims = backend.claims();
  const token = backend.know(Signer.make('ES256', 'next').sign(claims), claims);
  expect((await service.get('/me', token)).status).toBe(200);
  expect(backend.introspections).toBe(1);
});

test('a failed read of the keys is tried again after five seconds and not before', async () => {
  backend.keySetStatus = 500;
  for (let i = 0; i < 3; i++) await service.get('/me', backend.jwt());
  expect(backend.keySetReads).toBe(1);
  backend.keySetStatus = 200;
  await pass(5_100);
  await service.get('/me', backend.jwt());
  expect(backend.keySetReads).toBe(2);
});

describe('a backend that signs with HS256 and so publishes no key', () => {
  const header = { alg: 'HS256', kid: 'secret' };

  beforeEach(() => {
    backend.keySet = { keys: [] };
  });

  test('is asked about each JWT, and its yes is kept like that of an opaque token', async () => {
    const claims = backend.claims();
    const token = backend.know(backend.signer.sign(claims, header), claims);
    expect((await service.get('/me', token)).body.sessionId).toBe(claims.sid);
    expect((await service.get('/me', token)).status).toBe(200);
    expect(backend.introspections).toBe(1);
    backend.feed.end(claims.sid);
    await expectCode(token, 'session_revoked');
  });

  test('is not asked about one that has expired or is not for us', async () => {
    const now = Math.floor(Date.now() / 1000);
    const past = { iat: now - 300, auth_time: now - 300, exp: now - 60 };
    await expectCode(backend.signer.sign(backend.claims(past), header), 'token_expired');
    await expectCode(backend.signer.sign(backend.claims({ aud: 'billing' }), header), 'token_invalid');
    expect(backend.introspections).toBe(0);
    await expectCode(backend.signer.sign(backend.claims(), header), 'token_invalid');
    expect(backend.introspections).toBe(1);
  });

  async function expectCode(token: string, code: string): Promise<void> {
    const end = performance.now() + 2000;
    let answer = await service.get('/me', token);
    while (answer.code !== code && performance.now() < end) answer = await service.get('/me', token);
    expect(answer.code).toBe(code);
  }
});

/** A set with one of these is not used at all: each JWT goes to introspection. */
const BAD_SETS: [string, (good: Json) => unknown][] = [
  ['two keys of one kid', (good) => ({ keys: [good, { ...Signer.make('ES256', 'x').jwk, kid: good.kid }] })],
  ['a private key', (good) => ({ keys: [{ ...good, d: 'AAAA' }] })],
  ['a symmetric key', (good) => ({ keys: [good, { kty: 'oct', kid: 's', k: 'AAAA', alg: 'HS256' }] })],
  ['an RSA key of 1024 bits', (good) => ({ keys: [good, Signer.make('RS256', 'short', 1024).jwk] })],
  ['an RSA key with the exponent 1', (good) => ({ keys: [good, { ...Signer.make('RS256', 'one').jwk, e: 'AQ' }] })],
  ['an RSA key with the exponent 3', (good) => ({ keys: [good, { ...Signer.make('RS256', 'three').jwk, e: 'Aw' }] })],
  ['a key for encryption', (good) => ({ keys: [{ ...good, use: 'enc' }] })],
  ['a key that may not verify', (good) => ({ keys: [{ ...good, key_ops: ['deriveKey'] }] })],
  ['a key on another curve', (good) => ({ keys: [{ ...good, crv: 'P-384' }] })],
  ['a point off its curve', (good) => ({ keys: [{ ...good, y: good.x }] })],
  ['a key of another type than its alg', (good) => ({ keys: [{ ...good, alg: 'RS256' }] })],
  ['a key without alg', (good) => ({ keys: [{ ...good, alg: undefined }] })],
  ['a key without kid', (good) => ({ keys: [{ ...good, kid: undefined }] })],
  ['no list of keys', () => ({ keys: {} })],
  ['more than 256 KiB', (good) => ({ keys: [good], filler: 'x'.repeat(256 * 1024) })],
];

test.each(BAD_SETS)('does not believe a key set with %s', async (_, make) => {
  backend.keySet = make(backend.signer.jwk);
  const token = backend.jwt();
  expect((await service.get('/me', token)).status).toBe(200);
  expect(backend.introspections).toBe(1);
});
