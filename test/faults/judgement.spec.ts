import { judge } from './judgement.js';
import type { Act, Kind } from './ledger.js';

const BOUNDS = { elsewhereMs: 1000, answerMs: 3200, graceMs: 60_000 };

/** An act that was acknowledged within 10 ms, unless something else is said. */
function act(kind: Kind, startedAt: number, more: Partial<Act> = {}): Act {
  const refused = more.outcome === 'refused' ? 401 : null;
  const times = { plannedAt: startedAt, startedAt, answeredAt: startedAt + 10, heldUpMs: 0 };
  return { kind, instance: 0, user: 'ann', outcome: 'done', status: refused ?? 200, ...times, ...more };
}

/** Ann has registered with the password `p` and is logged in with the sessions `s` and `t`. */
const BEGUN = [
  act('register', 0, { password: 'p' }),
  act('login', 100, { password: 'p', begun: 's' }),
  act('login', 200, { password: 'p', begun: 't' }),
];
const use = (startedAt: number, more: Partial<Act> = {}): Act => act('use', startedAt, { session: 's', ...more });
const logout = (startedAt: number, more: Partial<Act> = {}): Act => act('logout', startedAt, { session: 's', ...more });
const change = (more: Partial<Act> = {}): Act =>
  act('password', 300, { session: 's', password: 'p', next: 'q', begun: 'u', ...more });
const login = (startedAt: number, password: string, more: Partial<Act> = {}): Act =>
  act('login', startedAt, { password, ...more });
const OPEN = { outcome: 'open', status: 503, begun: undefined } as const;
const REFUSED = { outcome: 'refused' } as const;

function findings(...acts: Act[]): string[] {
  return judge([...BEGUN, ...acts], BOUNDS).map(({ invariant, says }) => `${invariant} ${says}`);
}

const LET_IN = expect.stringMatching(/^S1 an ended session was let in/);
const TURNED_AWAY = expect.stringMatching(/^S4 a live session was turned away/);

describe('a session that has ended', () => {
  it('may be used by what began before the end was acknowledged', () => {
    expect(findings(logout(300), use(305))).toEqual([]);
    expect(findings(logout(300), use(305, REFUSED), use(320, REFUSED))).toEqual([]);
  });

  it('may not be used on the same instance from then on, and elsewhere after the bound', () => {
    expect(findings(logout(300), use(311))).toEqual([LET_IN]);
    expect(findings(logout(300), use(1310, { instance: 1 }))).toEqual([]);
    expect(findings(logout(300), use(1311, { instance: 1 }))).toEqual([LET_IN]);
  });

  it('may not be used after an instance has said that it is over, whoever ended it', () => {
    const open = logout(300, { ...OPEN, instance: 1 });
    expect(findings(open, use(400), use(500, REFUSED))).toEqual([]);
    expect(findings(open, use(500, REFUSED), use(600))).toEqual([LET_IN]);
  });

  it('was ended by another device, by name or with all others', () => {
    const byName = act('endDevice', 300, { session: 't', target: 's', status: 204 });
    expect(findings(byName, use(400))).toEqual([LET_IN]);
    expect(findings(act('endOthers', 300, { session: 't' }), use(400), use(400, { session: 't' }))).toEqual([LET_IN]);
    const named = { outcome: 'refused', status: 404, session: 't', target: 's' } as const;
    expect(findings(logout(300, OPEN), act('endDevice', 400, named), use(500))).toEqual([LET_IN]);
  });

  it('may or may not have been ended with all others when it began at the same time', () => {
    const others = act('endOthers', 195, { session: 's' });
    expect(findings(others, use(300, { session: 't' }))).toEqual([]);
    expect(findings(others, use(300, { session: 't', ...REFUSED }))).toEqual([]);
  });

  it('was ended with its password, also when the login raced the change', () => {
    expect(findings(change(), use(400, { session: 't' }))).toEqual([LET_IN]);
    const racing = login(305, 'p', { begun: 'v', answeredAt: 320 });
    expect(findings(change(), racing, use(400, { session: 'v' }))).toEqual([LET_IN]);
    expect(findings(change(), use(400, { session: 'u' }))).toEqual([]);
  });
});

describe('a session that lives', () => {
  it('may not be turned away, also not during an outage', () => {
    expect(findings(use(300, REFUSED))).toEqual([TURNED_AWAY]);
    expect(findings(use(300, REFUSED), logout(400))).toEqual([TURNED_AWAY]);
    expect(findings(use(300, OPEN))).toEqual([]);
  });

  it('may be turned away once its end was asked for, whether that was acknowledged or not', () => {
    expect(findings(logout(300, OPEN), use(9000, REFUSED))).toEqual([]);
    expect(findings(logout(300, OPEN), use(9000))).toEqual([]);
  });

  it('may use an older token while a newer one is issued, and may not be left without one', () => {
    const superseded = { outcome: 'superseded', status: 401 } as const;
    expect(findings(use(300, superseded))).toEqual([]);
    expect(findings(act('refresh', 300, { session: 's', ...superseded }))).toEqual([TURNED_AWAY]);
  });

  it('may be taken for stolen when a refresh was not answered, and not repeated in time', () => {
    const refresh = (startedAt: number, more: Partial<Act> = {}): Act =>
      act('refresh', startedAt, { session: 's', ...more });
    expect(findings(refresh(300, OPEN), use(50_000, REFUSED))).toEqual([TURNED_AWAY]);
    expect(findings(refresh(300, OPEN), use(70_000, REFUSED))).toEqual([]);
    expect(findings(refresh(300, OPEN), refresh(50_000), use(70_000, REFUSED))).toEqual([TURNED_AWAY]);
  });

  it('may be forgotten where the store has lost everything, and an ended one may not come back', () => {
    const forgotten = { ...BOUNDS, forgotten: [{ from: 500, to: 510 }] };
    expect(judge([...BEGUN, use(600, REFUSED)], forgotten)).toEqual([]);
    expect(judge([...BEGUN, use(400, REFUSED)], forgotten)).toHaveLength(1);
    expect(judge([...BEGUN, logout(300), use(600)], forgotten)).toHaveLength(1);
  });
});

describe('a password', () => {
  it('may not be refused as long as nobody has changed it', () => {
    expect(findings(login(300, 'p', REFUSED))).toEqual(['S2 a password was refused that nobody has changed']);
    expect(findings(change({ ...OPEN }), login(400, 'p', REFUSED))).toEqual([]);
  });

  it('may not be accepted after its change', () => {
    expect(findings(change(), login(305, 'p'), login(320, 'p', REFUSED))).toEqual([]);
    expect(findings(change(), login(320, 'p'))).toEqual(['S1 a password was accepted after its change']);
  });

  it('is changed whole or not at all when its change was left open', () => {
    const open = change(OPEN);
    expect(findings(open, login(400, 'p', REFUSED), login(500, 'q'))).toEqual([]);
    expect(findings(open, login(400, 'p'))).toEqual([]);
    expect(findings(open, login(400, 'p', REFUSED), login(500, 'q', REFUSED))).toEqual([
      'S2 neither the old nor the new password was accepted',
    ]);
    expect(findings(open, login(400, 'q'), login(500, 'p'))).toEqual(['S1 a password was accepted after its change']);
    expect(findings(open, login(400, 'q'), use(500, { session: 't' }))).toEqual([LET_IN]);
  });
});

describe('a user', () => {
  const bob = (startedAt: number, more: Partial<Act> = {}): Act =>
    act('register', startedAt, { user: 'bob', password: 'p', ...more });
  const taken = { outcome: 'refused', status: 409 } as const;

  it('is made once for one e-mail address', () => {
    expect(findings(bob(300), bob(400, taken))).toEqual([]);
    expect(findings(bob(300), bob(300))).toEqual(['S5 two users were made for one e-mail address']);
    expect(findings(bob(300, taken))).toEqual(['S5 an e-mail address was taken that nobody had']);
  });

  it('is made whole or not at all when the register was left open', () => {
    const unknown = login(400, 'p', { user: 'bob', ...REFUSED });
    expect(findings(bob(300, OPEN), unknown, bob(500))).toEqual([]);
    expect(findings(bob(300, OPEN), bob(350, taken), unknown)).toEqual([
      'S2 a password was refused that nobody has changed',
    ]);
  });
});

describe('a refresh', () => {
  const refresh = (handed: string): Act => act('refresh', 300, { session: 's', presented: 'a', handed });

  it('gives one successor to everybody who shows the same token', () => {
    expect(findings(refresh('b'), refresh('b'))).toEqual([]);
    expect(findings(refresh('b'), refresh('c'))).toEqual(['S5 one token was given two successors']);
  });
});

describe('an answer', () => {
  it('comes in time, less what held up the load itself', () => {
    const late = { answeredAt: 3600 };
    expect(findings(use(300, late))).toEqual(['S3 use was answered after 3300 ms']);
    expect(findings(use(300, { ...late, heldUpMs: 200 }))).toEqual([]);
    expect(findings(use(300, { ...OPEN, answeredAt: Infinity }))).toEqual(['S3 use was answered after Infinity ms']);
  });

  it('is none of an error of the program', () => {
    const odd = { outcome: 'odd', status: 500, code: 'internal_error' } as const;
    expect(findings(use(300, odd))).toEqual(['S3 use was answered 500 internal_error']);
    expect(findings(use(300, { ...OPEN, status: null, flaw: 'malformed: no Retry-After' }))).toEqual([
      'S3 an answer was malformed: no Retry-After',
    ]);
  });
});
