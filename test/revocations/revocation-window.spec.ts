import { type RevocationEvent, RevocationWindow, WINDOW_MS } from '../../src/auth/revocation-window.js';

const SECOND = 1000;
const T = Date.UTC(2026, 0, 5, 10);
const ended = (sid: string): RevocationEvent => ({ type: 'session-revoked', sid, at: T });
const changed = (sub: string): RevocationEvent => ({ type: 'user-not-before', sub, notBefore: T });
const idsOf = (window: RevocationWindow, cursor?: string): string[] | undefined =>
  window.since(cursor)?.map((event) => (event.type === 'session-revoked' ? event.sid : event.sub));

describe('the window of what ended lately', () => {
  let window: RevocationWindow;
  beforeEach(() => {
    window = new RevocationWindow();
    window.add('session-revoked', [], new Date(T));
    window.add('user-not-before', [], new Date(T));
  });

  it('tells who resumes what it learned of since the cursor, and half a minute before', () => {
    window.add('session-revoked', [ended('known')], new Date(T - 31 * SECOND));
    window.add('session-revoked', [ended('lately')], new Date(T - 29 * SECOND));
    window.add('session-revoked', [], new Date(T));
    const { cursor } = window;
    window.add('session-revoked', [ended('new')], new Date(T + SECOND));
    expect(idsOf(window, cursor)).toEqual(['lately', 'new']);
    expect(idsOf(window)).toEqual(['known', 'lately', 'new']);
  });

  it('loses nothing between two stores whose clocks differ', () => {
    // Sessions end by a clock that is a minute behind that of the users.
    window.add('user-not-before', [], new Date(T + 60 * SECOND));
    const { cursor } = window;
    window.add('session-revoked', [ended('session')], new Date(T + SECOND));
    window.add('user-not-before', [changed('user')], new Date(T + 61 * SECOND));
    expect(idsOf(window, cursor)).toEqual(['session', 'user']);
  });

  it('takes the cursor of another instance that asked a moment later', () => {
    const other = new RevocationWindow();
    other.add('session-revoked', [], new Date(T + SECOND));
    other.add('user-not-before', [], new Date(T + SECOND));
    window.add('session-revoked', [ended('one')], new Date(T));
    expect(idsOf(window, other.cursor)).toEqual(['one']);
  });

  it.each([
    ['nothing', ''],
    ['junk', 'junk'],
    ['one time where there are two', Buffer.from(String(T)).toString('base64url')],
    ['another spelling', `${Buffer.from(`${T}.${T}`).toString('base64url')}=`],
    ['a time that has left the window', Buffer.from(`${T - 16 * 60 * SECOND}.${T}`).toString('base64url')],
    ['a time that has yet to come', Buffer.from(`${T}.${T + 31 * SECOND}`).toString('base64url')],
  ])('takes no cursor that is %s', (_, cursor) => {
    expect(window.since(cursor)).toBeNull();
  });

  it('forgets what no access token can be about any more, and goes by no store’s clock in that', () => {
    window.add('session-revoked', [ended('one')], new Date(T));
    window.add('session-revoked', [], new Date(T + 24 * 3600 * SECOND));
    window.add('session-revoked', [], new Date(T));
    expect(idsOf(window)).toEqual(['one']);
    const now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(now + WINDOW_MS);
    window.add('session-revoked', [], new Date(T));
    clock.mockRestore();
    expect(idsOf(window)).toEqual([]);
  });

  it('tells its followers what is new, once', () => {
    const told: number[] = [];
    const stop = window.follow((events) => told.push(events.length));
    window.add('session-revoked', [ended('one')], new Date(T));
    window.add('session-revoked', [ended('one'), ended('two')], new Date(T));
    stop();
    window.add('session-revoked', [ended('three')], new Date(T));
    expect(told).toEqual([1, 1]);
  });
});
