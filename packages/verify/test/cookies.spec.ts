import { FakeBackend } from './support/fake-backend.js';
import { SecondService } from './support/second-service.js';

let backend: FakeBackend;
let service: SecondService;

beforeAll(async () => {
  backend = await FakeBackend.start();
  service = await SecondService.start(backend, { cookies: true, origins: ['https://app.example'] });
  await service.healthy();
});
afterAll(async () => {
  await service.close();
  await backend.close();
});

const cookieOf = (kind: 'jwt' | 'opaque', claims = backend.claims()) =>
  kind === 'jwt' ? `__Host-at=${backend.jwt(claims)}` : `__Host-sid=${backend.opaque(claims)}`;
const change = async (headers: Record<string, string>) => {
  const { status, code } = await service.send('/change', headers, 'POST');
  return code ?? status;
};

test.each(['jwt', 'opaque'] as const)('a cookie of the backend lets in like a bearer: %s', async (kind) => {
  const claims = backend.claims();
  const { status, body } = await service.send('/me', { Cookie: `theme=dark; ${cookieOf(kind, claims)}` });
  expect([status, body.userId]).toEqual([200, claims.sub]);
});

test('a cookie of another name is not read, and no cookie is nothing sent', async () => {
  for (const Cookie of [`sid=${backend.opaque()}`, `x__Host-at=${backend.jwt()}`, `__Secure-rt=${backend.jwt()}`])
    expect((await service.send('/me', { Cookie })).code).toBe('credentials_missing');
});

test('an Authorization header wins over the cookies, whatever it says', async () => {
  const Cookie = cookieOf('jwt');
  expect((await service.send('/me', { Cookie, Authorization: 'Basic eDp5' })).code).toBe('credentials_missing');
  expect((await service.send('/me', { Cookie, Authorization: 'Bearer x' })).code).toBe('token_invalid');
});

test('two cookies of one name are 401: another host has planted one of them', async () => {
  const Cookie = `${cookieOf('jwt')}; ${cookieOf('jwt')}`;
  expect(await service.send('/me', { Cookie })).toMatchObject({ status: 401, code: 'token_invalid' });
});

test('names can be given, and are read in that order', async () => {
  const named = await SecondService.start(backend, { cookies: ['sid', 'at'] });
  await named.healthy();
  const [first, second] = [backend.claims(), backend.claims()];
  const Cookie = `at=${backend.jwt(second)}; sid=${backend.opaque(first)}`;
  expect((await named.send('/me', { Cookie })).body.userId).toBe(first.sub);
  expect((await named.send('/me', { Cookie: cookieOf('jwt') })).code).toBe('credentials_missing');
  await named.close();
});

test.each([
  ['a page of this origin', { 'Sec-Fetch-Site': 'same-origin' }, 201],
  ['a user who typed the address', { 'Sec-Fetch-Site': 'none' }, 201],
  ['no browser', {}, 201],
  ['a page of an origin that is allowed', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://app.example' }, 201],
  ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }, 'csrf_rejected'],
  ['a page of a sibling host', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://a.example' }, 'csrf_rejected'],
  ['an old browser on a page of another site', { Origin: 'https://evil.example' }, 'csrf_rejected'],
  ['a page without an origin', { Origin: 'null' }, 'csrf_rejected'],
] as [string, Record<string, string>, number | string][])(
  'a request that changes something, by cookie, from %s',
  async (_, headers, outcome) => {
    expect(await change({ Cookie: cookieOf('jwt'), ...headers })).toBe(outcome);
    // Another site's page cannot set this header without being asked first.
    expect(await change({ Authorization: `Bearer ${backend.jwt()}`, ...headers })).toBe(201);
  },
);

test('an old browser on a page of this origin may change something by cookie', async () => {
  expect(await change({ Cookie: cookieOf('jwt'), Origin: `http://127.0.0.1:${service.port}` })).toBe(201);
});

test('another site may have things read: what it cannot see is no danger', async () => {
  const headers = { Cookie: cookieOf('jwt'), 'Sec-Fetch-Site': 'cross-site' };
  expect((await service.send('/me', headers)).status).toBe(200);
});

test('a public route is told nobody of a request that another site sent', async () => {
  const who = async (site: string) =>
    (await service.send('/greet', { Cookie: cookieOf('jwt'), 'Sec-Fetch-Site': site }, 'POST')).body.who;
  expect(await who('cross-site')).toBe('nobody');
  expect(await who('same-origin')).not.toBe('nobody');
});
