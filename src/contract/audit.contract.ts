import { digestToken } from '../sessions/opaque-token.js';
import { attempt, loginOf, logIn, type Make, newUser, rotated, SECOND } from './store-fixture.js';
import type { AllStores, Stores } from './stores.js';
import { because, BY, type Heard } from './told.js';

/** What every store tells the audit trail of its acts (R13.5). */
export function auditContract(make: Make<keyof Stores | 'told'>): void {
  const by = { actor: BY.actor };

  async function told(stores: Pick<AllStores, 'told'>, act: () => Promise<unknown>): Promise<Heard[]> {
    const before = (await stores.told()).length;
    await act();
    return (await stores.told()).slice(before);
  }

  it('tells of a session that is opened, of those it costs, and of what was too much (R13.5)', async () => {
    const stores = await make({ maxPerUser: 1 });
    const user = await newUser(stores);
    const login = loginOf(user);
    const about = { userId: user.id, ...by };
    const opened = { event: 'authn_login_success', ...about };
    expect(await told(stores, () => stores.sessions.open(login.session, BY))).toEqual([
      { ...opened, sessionId: login.session.id },
    ]);
    const next = loginOf(user);
    expect(await told(stores, () => stores.sessions.open(next.session, BY))).toEqual([
      { event: 'authn_token_revoked', reason: 'evicted', sessionId: login.session.id, ...about },
      { event: 'excess_sessions_exceeded', count: 1, ...about },
      { ...opened, sessionId: next.session.id },
    ]);
  });

  it('tells of a login that is refused because there are too many sessions, and of none that came too late (R13.5)', async () => {
    const stores = await make({ maxPerUser: 1, limitPolicy: 'reject' });
    const user = await newUser(stores);
    await logIn(stores, user);
    expect(await told(stores, () => stores.sessions.open(loginOf(user).session, BY))).toEqual([
      { event: 'excess_sessions_exceeded', userId: user.id, ...by },
    ]);
    const late = loginOf({ ...user, authEpoch: user.authEpoch - 1 });
    expect(await told(stores, () => stores.sessions.open(late.session, BY))).toEqual([]);
  });

  it('names each session that an act ends, once (R13.5)', async () => {
    const stores = await make();
    const user = await newUser(stores);
    const [here, there, away, far] = await Promise.all([0, 1, 2, 3].map(() => logIn(stores, user)));
    const ended = (reason: string, { session }: typeof here): Heard =>
      ({ event: 'authn_token_revoked', reason, userId: user.id, sessionId: session.id, ...by }) as Heard;
    const end = () => stores.sessions.end(user.id, there!.session.id, because('ended_by_user'));
    expect(await told(stores, end)).toEqual([ended('ended_by_user', there!)]);
    expect(await told(stores, end)).toEqual([]);
    const endBy = () => stores.tokens.endBy(digestToken(far!.token), because('logout'));
    expect(await told(stores, endBy)).toEqual([ended('logout', far!)]);
    expect(await told(stores, endBy)).toEqual([]);
    const endOthers = () => stores.sessions.endOthers(user.id, here!.session.id, because('ended_by_user'));
    expect(await told(stores, endOthers)).toEqual([ended('ended_by_user', away!)]);
    expect(await told(stores, endOthers)).toEqual([]);
    const endOlder = () => stores.sessions.endOlder(user.id, user.authEpoch + 1, because('user_changed'));
    expect(await told(stores, endOlder)).toEqual([ended('user_changed', here!)]);
    expect(await told(stores, endOlder)).toEqual([]);
  });

  it.each(['use', 'rotate'] as const)('tells of a token that is found reused at a %s, once (R13.5)', async (found) => {
    const stores = await make();
    const user = await newUser(stores);
    const { token, session } = await logIn(stores, user);
    await rotated(stores, token);
    await stores.advance(11 * SECOND);
    const again = (): Promise<unknown> =>
      found === 'use' ? stores.tokens.use(digestToken(token), BY) : stores.tokens.rotate(attempt(token), BY);
    const reuse = { event: 'authn_token_reuse', reason: 'token_reused', userId: user.id, sessionId: session.id, ...by };
    expect(await told(stores, () => Promise.all([again(), again(), again()]))).toEqual([reuse]);
    expect(await told(stores, again)).toEqual([]);
  });

  it('tells of the end of a session once, however many acts would end it at once (R13.5)', async () => {
    const stores = await make();
    const { sessions, tokens } = stores;
    for (let round = 0; round < 10; round += 1) {
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user);
      const race = () =>
        Promise.all([
          sessions.end(user.id, session.id, because('ended_by_user')),
          sessions.endOthers(user.id, null, because('ended_by_user')),
          sessions.endOlder(user.id, user.authEpoch + 1, because('user_changed')),
          tokens.endBy(digestToken(token), because('logout')),
        ]);
      expect(await told(stores, race)).toEqual([expect.objectContaining({ sessionId: session.id })]);
    }
  });
}
