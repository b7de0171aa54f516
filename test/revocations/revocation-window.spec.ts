import { ChangedUsers } from '../../src/revocations/changed-users.js';
import { RevocationWindow, sessionRevoked, userNotBefore } from '../../src/revocations/revocation-window.js';
import { EndedLately } from '../../src/sessions/ended-lately.js';
import { ENDED_LATELY_MS } from '../../src/sessions/retention.js';
import { MovedClock } from '../support/moved-clock.js';

const SECOND = 1000;
const T = Date.UTC(2026, 0, 5, 10);

/** What an instance has read so far. */
class Instance {
  readonly clock = new MovedClock();
  readonly ended = new EndedLately(this.clock);
  readonly changed = new ChangedUsers(this.clock);
  readonly window = new RevocationWindow(this.ended, this.changed);

  readSessions(asOf: number, ...ids: string[]): void {
    const page = ids.map((sessionId) => ({ sessionId, endedAt: new Date(T) }));
    this.window.tell(this.ended.learn(page, new Date(asOf)).map(sessionRevoked), { sessions: asOf });
  }

  readUsers(asOf: number, ...ids: string[]): void {
    const page = ids.map((userId) => ({ userId, authEpoch: 1, changedAt: new Date(T) }));
    for (const change of page) this.changed.learn(change, new Date(asOf));
    this.window.tell(page.map(userNotBefore), { users: asOf });
  }

  idsSince(cursor?: string): string[] | undefined {
    return this.window.since(cursor)?.map((event) => (event.type === 'session-revoked' ? event.sid : event.sub));
  }
}

function instance(asOf = T): Instance {
  const made = new Instance();
  made.readSessions(asOf);
  made.readUsers(asOf);
  return made;
}

describe('the window of what ended lately', () => {
  it('tells who resumes what it learned of since the cursor, and half a minute before', () => {
    const one = instance();
    one.readSessions(T - 31 * SECOND, 'known');
    one.readSessions(T - 29 * SECOND, 'lately');
    one.readSessions(T);
    const { cursor } = one.window;
    one.readSessions(T + SECOND, 'new');
    expect(one.idsSince(cursor)).toEqual(['lately', 'new']);
    expect(one.idsSince()).toEqual(['known', 'lately', 'new']);
  });

  it('loses nothing between two stores whose clocks differ', () => {
    const one = instance();
    // Sessions end by a clock that is a minute behind that of the users.
    one.readUsers(T + 60 * SECOND);
    const { cursor } = one.window;
    one.readSessions(T + SECOND, 'session');
    one.readUsers(T + 61 * SECOND, 'user');
    expect(one.idsSince(cursor)).toEqual(['session', 'user']);
  });

  it('takes the cursor of another instance that asked a moment later', () => {
    const one = instance();
    one.readSessions(T, 'one');
    expect(one.idsSince(instance(T + SECOND).window.cursor)).toEqual(['one']);
  });

  it('tells of an end by this instance once the store has told of it', () => {
    const one = instance();
    one.ended.add(['own']);
    expect(one.ended.has('own')).toBe(true);
    expect(one.idsSince()).toEqual([]);
    one.readSessions(T + SECOND, 'own');
    expect(one.idsSince()).toEqual(['own']);
  });

  it.each([
    ['nothing', ''],
    ['junk', 'junk'],
    ['one time where there are two', Buffer.from(String(T)).toString('base64url')],
    ['another spelling', `${Buffer.from(`${T}.${T}`).toString('base64url')}=`],
    ['a time that has left the window', Buffer.from(`${T - 16 * 60 * SECOND}.${T}`).toString('base64url')],
    ['a time that has yet to come', Buffer.from(`${T}.${T + 31 * SECOND}`).toString('base64url')],
  ])('takes no cursor that is %s', (_, cursor) => {
    expect(instance().window.since(cursor)).toBeNull();
  });

  it('forgets what no access token can be about any more, and goes by no store’s clock in that', () => {
    const one = instance();
    one.readSessions(T, 'one');
    one.readSessions(T + 24 * 3600 * SECOND);
    one.readSessions(T);
    expect(one.idsSince()).toEqual(['one']);
    one.clock.advance(ENDED_LATELY_MS + 1);
    one.readSessions(T, 'two');
    expect(one.idsSince()).toEqual(['two']);
    expect(one.ended.has('one')).toBe(false);
  });

  it('tells its followers what is new, once', () => {
    const one = instance();
    const told: number[] = [];
    const stop = one.window.follow((events) => told.push(events.length));
    one.readSessions(T, 'one');
    one.readSessions(T, 'one', 'two');
    stop();
    one.readSessions(T, 'three');
    expect(told).toEqual([1, 1]);
  });
});
