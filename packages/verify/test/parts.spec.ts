import { randomUUID } from 'node:crypto';
import { readFeedEvent, readFeedPage } from '../src/feed-event.js';
import { Revocations } from '../src/revocations.js';
import { readServerSentEvents } from '../src/server-sent-events.js';
import { VerifySettings } from '../src/verify.options.js';
import { ManualClock } from './support/manual-clock.js';

describe('the memory of ended sessions', () => {
  const session = () => ({ sid: randomUUID(), sub: randomUUID(), authTime: 1_000, roles: [], exp: 2_000 });

  test('forgets what is older than the window and a minute, and nothing younger', () => {
    const clock = new ManualClock();
    const revocations = new Revocations(clock);
    revocations.keepFor(360);
    const [old, young] = [session(), session()];
    revocations.apply({ type: 'session-revoked', sid: old.sid, at: 0 });
    revocations.apply({ type: 'user-not-before', sub: old.sub, notBefore: 9e12 });
    clock.move(60_000);
    revocations.apply({ type: 'session-revoked', sid: young.sid, at: 0 });
    clock.move(355_000);
    revocations.forgetOld();
    expect(revocations.size).toBe(3);
    clock.move(10_000);
    revocations.forgetOld();
    expect(revocations.size).toBe(1);
    expect([revocations.haveEnded(old), revocations.haveEnded(young)]).toEqual([false, true]);
  });

  test('is not emptied by a wall clock that jumps ahead', () => {
    const clock = new ManualClock();
    const revocations = new Revocations(clock);
    revocations.keepFor(360);
    const one = session();
    revocations.apply({ type: 'session-revoked', sid: one.sid, at: 0 });
    clock.suspend(24 * 3_600_000);
    revocations.forgetOld();
    expect(revocations.haveEnded(one)).toBe(true);
  });

  test('keeps the latest not-before of a user, in whatever order they come', () => {
    const revocations = new Revocations(new ManualClock());
    const one = session();
    revocations.apply({ type: 'user-not-before', sub: one.sub, notBefore: 2_000_000 });
    revocations.apply({ type: 'user-not-before', sub: one.sub, notBefore: 500_000 });
    expect(revocations.haveEnded(one)).toBe(true);
  });
});

describe('the reader of the event stream', () => {
  async function read(...chunks: (string | Uint8Array)[]) {
    async function* bytes() {
      for (const chunk of chunks) yield await Promise.resolve(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    }
    const events = [];
    for await (const event of readServerSentEvents(bytes())) events.push(event);
    return events;
  }

  test('puts together an event that comes byte by byte, with any kind of line end', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = [
        'event: heartbeat',
        'id: c7',
        'data: {"at":',
        'data:1}',
        '',
        ': a comment',
        '',
        'data: é',
        '',
        '',
      ].join(end);
      const expected = [
        { event: 'heartbeat', id: 'c7', data: '{"at":\n1}' },
        { event: 'message', id: null, data: 'é' },
      ];
      expect(await read(text + (end === '\r' ? ':\n' : ''))).toEqual(expected);
      const single = [...Buffer.from(text + (end === '\r' ? ':\n' : ''))].map((byte) => Uint8Array.of(byte));
      expect(await read(...single)).toEqual(expected);
    }
  });

  test('drops an event that was cut off, and gives up one without end', async () => {
    expect(await read('data: 1\n\ndata: 2\n')).toEqual([{ event: 'message', id: null, data: '1' }]);
    await expect(read('data: ', 'x'.repeat(70_000))).rejects.toThrow('without end');
  });
});

test('events and pages of the feed are looked at before they are believed', () => {
  const sid = randomUUID();
  expect(readFeedEvent({ type: 'session-revoked', sid, at: 5 })).toEqual({ type: 'session-revoked', sid, at: 5 });
  expect(readFeedEvent({ type: 'key-retired', kid: 'k' })).toEqual({ type: 'key-retired', kid: 'k' });
  expect(readFeedEvent({ type: 'new' })).toBeNull();
  for (const bad of [
    null,
    [],
    'x',
    {},
    { type: 'session-revoked', sid: 'x', at: 1 },
    { type: 'user-not-before', sub: sid, notBefore: '1' },
    { type: 'key-retired' },
    { type: 'key-retired', kid: 'a kid' },
  ]) {
    expect(() => readFeedEvent(bad)).toThrow();
  }
  const page = { events: [{ type: 'new' }], cursor: 'c', windowSeconds: 360 };
  expect(readFeedPage(page)).toEqual({ events: [], cursor: 'c', windowSeconds: 360 });
  for (const bad of [
    null,
    { ...page, cursor: '' },
    { ...page, windowSeconds: 59 },
    { ...page, windowSeconds: undefined },
    { ...page, events: {} },
  ]) {
    expect(() => readFeedPage(bad)).toThrow();
  }
});

describe('the options', () => {
  const good = { issuer: 'https://auth.example', audience: 'a', clientId: 'c', clientSecret: 'top-secret' };

  test.each([
    'https://auth.example',
    'https://auth.example/tenant',
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
  ])('take the issuer %s', (issuer) => expect(VerifySettings.from({ ...good, issuer }).issuer).toBe(issuer));

  test.each([
    '',
    'auth.example',
    'http://auth.example',
    'https://auth.example/',
    'https://auth.example?a=1',
    'https://u:p@auth.example',
    'ftp://auth.example',
    'http://127.0.0.1.evil.example',
  ])('refuse the issuer "%s"', (issuer) => expect(() => VerifySettings.from({ ...good, issuer })).toThrow('issuer'));

  test('take plain http to another machine only when told', () => {
    expect(VerifySettings.from({ ...good, issuer: 'http://auth:3000', allowHttp: true }).issuer).toBe(
      'http://auth:3000',
    );
  });

  test.each([0, 901, NaN, '60', undefined])('refuse to accept signed tokens for %p seconds', (seconds) => {
    const whenLost = { acceptSignedForSeconds: seconds as number };
    expect(() => VerifySettings.from({ ...good, whenLost })).toThrow('whenLost');
  });

  test('report every mistake at once and no value', () => {
    const wrong = { issuer: 'nonsense', audience: '', clientId: '', clientSecret: 'top-secret', cacheSeconds: 31 };
    expect(() => VerifySettings.from(wrong)).toThrow(/issuer: .*\n.*audience: .*\n.*clientId: .*\n.*cacheSeconds: /);
    expect(() => VerifySettings.from(wrong)).not.toThrow(/nonsense|top-secret/);
    expect(() => VerifySettings.from({ ...good, cacheSeconds: NaN })).toThrow('cacheSeconds');
  });
});
