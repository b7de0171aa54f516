import { ClockSkewError, RevocationReader } from '../../src/revocations/revocation-reader.js';
import { RevocationWindow } from '../../src/revocations/revocation-window.js';
import { ChangedUsers } from '../../src/revocations/changed-users.js';
import { EndedLately } from '../../src/sessions/ended-lately.js';
import type { EndedSession, SessionStore } from '../../src/sessions/session.store.js';
import type { SessionsService } from '../../src/sessions/sessions.service.js';
import type { ChangedUser, UserStore } from '../../src/users/user.store.js';
import { MovedClock } from '../support/moved-clock.js';

/** What stores are asked for a reading, with a clock and with commits that become visible when the test says. */
class Log {
  readonly clock = new MovedClock();
  readonly asked: Date[] = [];
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
      return { ended: page(this.ended, ({ endedAt }) => endedAt, since, limit), asOf: this.now() };
    },
  };
  readonly users: Pick<UserStore, 'changedSince'> = {
    changedSince: async (since, limit) => ({
      changed: page(this.changed, ({ changedAt }) => changedAt, since, limit),
      asOf: this.now(),
    }),
  };
}

function page<T>(all: T[], timeOf: (one: T) => Date, since: Date, limit: number): T[] {
  const sorted = all.filter((one) => timeOf(one) >= since).sort((a, b) => +timeOf(a) - +timeOf(b));
  return sorted.slice(0, limit);
}

function reading(log: Log, clock = log.clock) {
  const ended = new EndedLately(clock);
  const changed = new ChangedUsers(clock);
  const window = new RevocationWindow(ended, changed);
  const endOlder = jest.fn(async () => []);
  const reader = new RevocationReader(
    ended,
    changed,
    log.sessions as SessionStore,
    { endOlder } as unknown as SessionsService,
    log.users as UserStore,
    window,
    clock,
  );
  return { reader, ended, window, endOlder };
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

  it.each([-2_000, 2_000])(
    'refuses to go by a clock that is %i ms from the store’s, and still reads',
    async (offset) => {
      const log = new Log();
      const clock = new MovedClock();
      clock.offsetMs = offset;
      const { reader, ended, endOlder } = reading(log, clock);
      log.end('one');
      log.change('ada');
      await expect(reader.read()).rejects.toThrow(ClockSkewError);
      expect(ended.has('one')).toBe(true);
      expect(endOlder).toHaveBeenCalledTimes(1);
      clock.offsetMs = offset / 2;
      await reader.read();
    },
  );

  it('loses nothing that ended while the store’s clock was wrong', async () => {
    const log = new Log();
    const clock = new MovedClock();
    const { reader, ended, window } = reading(log, clock);
    log.end('before');
    await reader.read();
    for (const wrong of [-10 * MINUTE, 20 * MINUTE]) {
      log.clock.advance(wrong);
      log.end(`during ${wrong}`);
      await expect(reader.read()).rejects.toThrow(ClockSkewError);
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
    expect(endOlder.mock.calls).toEqual([['ada', 2, { actor: 'service' }]]);
  });
});
