import { type Learned, RevocationWindow } from '../../src/auth/revocation-window.js';

const SECOND = 1000;
const T = Date.UTC(2026, 0, 5, 10);
const ended = (sid: string, at: number): Learned => ({ event: { type: 'session-revoked', sid, at }, at: new Date(at) });
const changed = (sub: string, at: number): Learned => ({
  event: { type: 'user-not-before', sub, notBefore: at },
  at: new Date(at),
});
const idsOf = (window: RevocationWindow, cursor?: string): string[] | undefined =>
  window.since(cursor)?.map((event) => (event.type === 'session-revoked' ? event.sid : event.sub));

describe('the window of what ended lately', () => {
  let window: RevocationWindow;
  beforeEach(() => {
    window = new RevocationWindow();
    window.add('session-revoked', [], new Date(T));
    window.add('user-not-before', [], new Date(T));
  });

  it('tells who resumes everything since the cursor, and what may have become visible late', () => {
    window.add('session-revoked', [ended('long before', T - 11 * SECOND)], new Date(T));
    const { cursor } = window;
    window.add('session-revoked', [ended('late', T - 9 * SECOND), ended('new', T + SECOND)], new Date(T + SECOND));
    expect(idsOf(window, cursor)).toEqual(['late', 'new']);
    expect(idsOf(window)).toEqual(['long before', 'late', 'new']);
  });

  it('loses nothing between two stores whose clocks differ', () => {
    // Sessions end by a clock that is a minute behind that of the users.
    window.add('user-not-before', [], new Date(T + 60 * SECOND));
    const { cursor } = window;
    window.add('session-revoked', [ended('session', T + SECOND)], new Date(T + SECOND));
    window.add('user-not-before', [changed('user', T + 61 * SECOND)], new Date(T + 61 * SECOND));
    expect(idsOf(window, cursor)).toEqual(['session', 'user']);
  });

  it('takes the cursor of another instance that asked a moment later', () => {
    const other = new RevocationWindow();
    other.add('session-revoked', [], new Date(T + SECOND));
    other.add('user-not-before', [], new Date(T + SECOND));
    window.add('session-revoked', [ended('one', T)], new Date(T));
    expect(idsOf(window, other.cursor)).toEqual(['one']);
  });

  it.each([
    ['nothing', ''],
    ['junk', 'junk'],
    ['one time where there are two', Buffer.from(String(T)).toString('base64url')],
    ['another spelling', `${Buffer.from(`${T}.${T}`).toString('base64url')}=`],
    ['a time that has left the window', Buffer.from(`${T - 16 * 60 * SECOND}.${T}`).toString('base64url')],
    ['a time that has yet to come', Buffer.from(`${T}.${T + 11 * SECOND}`).toString('base64url')],
  ])('takes no cursor that is %s', (_, cursor) => {
    expect(window.since(cursor)).toBeNull();
  });

  it('forgets what no access token can be about any more', () => {
    window.add('session-revoked', [ended('one', T)], new Date(T));
    window.add('session-revoked', [], new Date(T + 17 * 60 * SECOND));
    expect(idsOf(window)).toEqual([]);
  });

  it('tells its followers what is new, once', () => {
    const told: number[] = [];
    const stop = window.follow((events) => told.push(events.length));
    window.add('session-revoked', [ended('one', T)], new Date(T));
    window.add('session-revoked', [ended('one', T), ended('two', T)], new Date(T));
    stop();
    window.add('session-revoked', [ended('three', T)], new Date(T));
    expect(told).toEqual([1, 1]);
  });
});
