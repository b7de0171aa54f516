import { RevocationReader } from '../../src/revocations/revocation-reader.js';
import { RevocationWindow } from '../../src/revocations/revocation-window.js';
import { ChangedUsers } from '../../src/revocations/changed-users.js';
import { StoreTime } from '../../src/core/store-time.js';
import { EndedLately } from '../../src/sessions/ended-lately.js';
import type { EndedSession, SessionStore } from '../../src/sessions/session.store.js';
import type { SessionPolicy } from '../../src/sessions/session-policy.options.js';
import type { SessionsService } from '../../src/sessions/sessions.service.js';
import type { StorageOptions } from '../../src/storage/storage.options.js';
import type { ChangedUser, UserStore } from '../../src/users/user.store.js';
import { MovedClock } from '../support/moved-clock.js';

/** What stores are asked for a reading, with a clock and with commits that become visible when the test says. */
class Log {
  readonly clock = new MovedClock();
  readonly asked: Date[] = [];
  /** By how much the clock of the users' store is ahead. */
  usersAheadMs = 0;
  private readonly ended: EndedSession[] = [];
  private readonly changed: ChangedUser[] = [];

  now = (): Date => new Date(this.clock.now().wall);

  end(sessionId: string, endedAt = this.now()): void {
    this.ended.push({ sessionId, endedAt });
  }

  change(userId: string, changedAt = this.now()): void {
    this.changed.push({ userId, authEpoch: 2, changedAt });
  }

  readonly sessions: Pick<SessionStore, 'endedSince'> = {
    endedSince: async (since, limit) => {
      this.asked.push(since);
      if (this.asked.length > 1000) throw new Error('A reading has no end');
      return { ended: page(this.ended, ({ endedAt }) => endedAt, since, limit), asOf: this.now() };
    },
  };
  readonly users: Pick<UserStore, 'changedSince'> = {
    changedSince: async (since, limit) => ({
      changed: page(this.changed, ({ changedAt }) => changedAt, since, limit),
      asOf: new Date(this.clock.now().wall + this.usersAheadMs),
    }),
  };
}

const ABSOLUTE_MS = 12 * 3_600_000;

function page<T>(all: T[], timeOf: (one: T) => Date, since: Date, limit: number): T[] {
  const sorted = all.filter((one) => timeOf(one) >= since).sort((a, b) => +timeOf(a) - +timeOf(b));
  return sorted.slice(0, limit);
}

function reading(log: Log, { clock = log.clock, sessionStore = 'postgres' } = {}) {
  const ended = new EndedLately(clock);
  const changed = new ChangedUsers(clock);
  const window = new RevocationWindow(ended, changed);
  const time = new StoreTime(clock);
  const endOlder = jest.fn(async () => []);
  const reader = new RevocationReader(
    ended,
    changed,
    log.sessions as SessionStore,
    { endOlder } as unknown as SessionsService,
    log.users as UserStore,
    window,
    time,
    clock,
    { absoluteSeconds: ABSOLUTE_MS / 1000 } as SessionPolicy,
    { sessionStore } as StorageOptions,
  );
  return { reader, ended, window, endOlder, time };
}

const MINUTE = 60_000;

describe('reading what has ended', () => {
  it('begins sixteen minutes before the store’s own time', async () => {
    const log = new Log();
    log.end('old', new Date(log.clock.now().wall - 17 * MINUTE));
    log.end('recent', new Date(log.clock.now().wall - 15 * MINUTE));
    const { reader, ended } = reading(log);
    await reader.read();
    expect(ended.has('recent')).toBe(true);
    expect(ended.has('old')).toBe(false);
  });

  it('goes on ten seconds before it last began, also when a whole page came', async () => {
    const log = new Log();
    const { reader, ended } = reading(log);
    await reader.read();
    for (let i = 0; i < 1000; i += 1) log.end(`fast ${i}`);
    const slow = new Date(log.clock.now().wall - 5_000);
    await reader.read();
    // Committed late, with a time before those that were read meanwhile.
    log.end('slow', slow);
    log.clock.advance(500);
    await reader.read();
    expect(ended.has('slow')).toBe(true);
  });

  it('finds each of more sessions than a page that ended in one moment', async () => {
    const log = new Log();
    const { reader, ended } = reading(log);
    await reader.read();
    const at = log.now();
    for (let i = 0; i < 2500; i += 1) log.end(`session ${i}`, at);
    await reader.read();
    for (let i = 0; i < 2500; i += 1) expect(ended.has(`session ${i}`)).toBe(true);
  });

  it('goes back with a store whose clock was set back', async () => {
    const log = new Log();
    const { reader, ended, window } = reading(log);
    await reader.read();
    const cursor = window.cursor;
    log.clock.advance(-10 * MINUTE);
    log.end('after the step');
    await reader.read();
    expect(ended.has('after the step')).toBe(true);
    // Who follows the feed cannot go on from a time that has yet to come, and begins anew.
    expect(window.since(cursor)).toBeNull();
    expect(window.since(undefined)).toEqual([expect.objectContaining({ sid: 'after the step' })]);
  });

  it.each([-3_600_000, 3_600_000])('tells the time of a store whose clock is %i ms from this one', async (offset) => {
    const log = new Log();
    const clock = new MovedClock();
    clock.jump(offset);
    const { reader, time } = reading(log, { clock });
    await reader.read();
    expect(Math.abs(time.now() - log.clock.now().wall)).toBeLessThan(100);
  });

  it('loses nothing that ended while the store’s clock was wrong', async () => {
    const log = new Log();
    const clock = new MovedClock();
    const { reader, ended, window } = reading(log, { clock });
    log.end('before');
    await reader.read();
    for (const wrong of [-10 * MINUTE, 20 * MINUTE]) {
      log.clock.advance(wrong);
      log.end(`during ${wrong}`);
      await reader.read();
      log.clock.advance(-wrong);
      await reader.read();
    }
    for (const sid of ['before', `during ${-10 * MINUTE}`, `during ${20 * MINUTE}`]) {
      expect(ended.has(sid)).toBe(true);
      expect(window.since(undefined)).toContainEqual(expect.objectContaining({ sid }));
    }
  });

  it('finds what the database held up in its commit when it reads all again', async () => {
    const log = new Log();
    const { reader, ended } = reading(log);
    await reader.read();
    log.clock.advance(MINUTE);
    await reader.read();
    log.end('held up', new Date(log.clock.now().wall - MINUTE / 2));
    await reader.read();
    expect(ended.has('held up')).toBe(false);
    await reader.readAgain();
    expect(ended.has('held up')).toBe(true);
  });

  it('ends the sessions of a changed user once for each change', async () => {
    const log = new Log();
    const { reader, endOlder } = reading(log);
    await reader.read();
    log.change('ada');
    await reader.read();
    await reader.readAgain();
    expect(endOlder.mock.calls).toEqual([['ada', 2, { actor: 'service' }, expect.any(Number)]]);
  });

  it('finds an end that lies ahead of the store’s clock, and comes to an end itself, however many there are', async () => {
    const log = new Log();
    const ahead = log.clock.now().wall + 60 * MINUTE;
    for (let i = 0; i < 2500; i += 1) log.end(`ahead ${i}`, new Date(ahead + i));
    log.end('now');
    const { reader, ended } = reading(log);
    for (let time = 0; time < 3; time += 1) {
      log.asked.length = 0;
      await reader.read();
      expect(log.asked.length).toBeLessThan(6);
    }
    for (const sid of ['now', 'ahead 0', 'ahead 2499']) expect(ended.has(sid)).toBe(true);
  });

  describe.each([
    ['postgres', false],
    ['redis', true],
    ['memory', true],
  ])('with sessions in %s, of a change that is hours old', (sessionStore, isRead) => {
    it(`${isRead ? 'learns' : 'need not learn'} when it starts, and no more afterwards`, async () => {
      const log = new Log();
      log.change('ada', new Date(log.clock.now().wall - ABSOLUTE_MS + MINUTE));
      log.change('long ago', new Date(log.clock.now().wall - ABSOLUTE_MS - MINUTE));
      const { reader, endOlder } = reading(log, { sessionStore });
      await reader.read();
      expect(endOlder.mock.calls.map(([userId]: string[]) => userId)).toEqual(isRead ? ['ada'] : []);
      log.clock.advance(20 * MINUTE);
      await reader.read();
      await reader.readAgain();
      expect(endOlder).toHaveBeenCalledTimes(isRead ? 1 : 0);
    });
  });

  it('dates a change by the clock of the store that keeps the sessions', async () => {
    const log = new Log();
    const { reader, endOlder, window } = reading(log);
    log.usersAheadMs = 30 * MINUTE;
    log.change('ada', new Date(log.clock.now().wall + log.usersAheadMs - MINUTE));
    await reader.read();
    const changedAt = endOlder.mock.calls[0]![3 as never] as number;
    expect(Math.abs(log.clock.now().wall - MINUTE - changedAt)).toBeLessThan(100);
    expect(window.since(undefined)).toEqual([{ type: 'user-not-before', sub: 'ada', notBefore: changedAt - 10_000 }]);
  });
});
