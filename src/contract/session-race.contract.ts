import { setImmediate as nextTurn } from 'node:timers/promises';
import { digestToken } from '../sessions/opaque-token.js';
import { describeStorage, expectDead, loginOf, logIn, newUser, rotatedOrNot, SECOND, times } from './store-fixture.js';
import type { TestedStorage } from './stores.js';
import { BY, because } from './told.js';

const ROUNDS = 50;

/** The end of a session while others use it, or open more. */
export function sessionRaceContract(storage: TestedStorage): void {
  describeStorage(storage, 'The end of a session in a race', (make) => {
    it.each(['end', 'endBy', 'endOthers'] as const)(
      'is final when %s races touches, uses and rotations (R5.3, I3)',
      async (how) => {
        const stores = await make({ maxPerUser: 100 });
        const user = await newUser(stores);
        for (let round = 0; round < ROUNDS; round += 1) {
          const { session, token } = await logIn(stores, user);
          await stores.advance(61 * SECOND);
          const digest = digestToken(token);
          const end = {
            end: () => stores.sessions.end(user.id, session.id, because('logout')),
            endBy: () => stores.tokens.endBy(digest, because('logout')),
            endOthers: () => stores.sessions.endOthers(user.id, null, because('ended_by_user')),
          }[how];
          const acts = [
            () => stores.sessions.touch(session.id),
            () => stores.tokens.use(digest, BY),
            () => rotatedOrNot(stores, token),
            end,
            () => rotatedOrNot(stores, token),
            () => stores.tokens.use(digest, BY),
            () => stores.sessions.touch(session.id),
          ];
          const turned = acts.map((_, i) => acts[(i + round) % acts.length]!);
          const results = await Promise.all(turned.map((act) => act()));
          const successors = results.filter((result): result is string => typeof result === 'string');
          await expectDead(stores, user.id, session.id, [token, ...successors]);
        }
      },
    );

    it('leaves no session of the old epoch when logins race a password change (R2.9)', async () => {
      const stores = await make();
      for (let round = 0; round < ROUNDS; round += 1) {
        const user = await newUser(stores);
        const change = async () => {
          const changed = await stores.users.changePassword(user.id, user.authEpoch, `hash ${round}`, BY);
          return stores.sessions.endOlder(user.id, changed!.authEpoch, because('user_changed'));
        };
        const logins = Array.from({ length: 6 }, () => loginOf(user));
        // Some come before the change, some in its midst, some after it.
        await times(logins.length + 1, async (i) => {
          await turns((i * 7 + round * 5) % 41);
          return logins[i] ? stores.sessions.open(logins[i].session, BY) : change();
        });
        expect(await stores.sessions.list(user.id)).toEqual([]);
        for (const { session } of logins) {
          expect(['revoked', 'unknown']).toContain((await stores.sessions.find(session.id)).state);
        }
      }
    });
  });
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await nextTurn();
}
