import pg from 'pg';
import { Statements } from '../../src/storage/postgres/statements.js';
import { digestToken } from '../../src/sessions/opaque-token.js';
import { eventually } from '../support/eventually.js';
import { postgres, postgresStores } from '../support/postgres-storage.js';
import { clientSees, describeStorage, logIn, newUser, POLICY, rotated } from '../../src/contract/store-fixture.js';
import type { Stores } from '../../src/contract/stores.js';
import { BY, because } from '../../src/contract/told.js';

const ROUNDS = 10;

/**
 * A statement that is held up between its snapshot and its lock, while others commit what it cannot see. The others act in one
 * transaction that holds the session's row, so each round is the race itself and not a chance of it.
 */
describeStorage(postgres, 'A statement held up before its lock', (make) => {
  /** Acts in one transaction; `during` is begun before the commit and waits for a lock until then. */
  async function heldUp<T>(
    stores: Stores,
    act: (within: Stores) => Promise<void>,
    during: () => Promise<T>,
  ): Promise<T> {
    const client = new pg.Client({ connectionString: process.env.TEST_WORKER_DATABASE_URL });
    await client.connect();
    try {
      await client.query('BEGIN');
      const within = { ...stores, ...postgresStores(new Statements(client), POLICY) };
      await act(within);
      const result = during();
      await eventually(() => isSomeoneWaiting(client));
      await client.query('COMMIT');
      return await result;
    } finally {
      await client.end();
    }
  }

  async function isSomeoneWaiting(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  }

  it('takes a token for late, not for stolen, whose successors were issued meanwhile', async () => {
    const stores = await make();
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = await newUser(stores);
      const { session, token } = await logIn(stores, user);
      let newest = '';
      const twoRotations = async (within: Stores): Promise<void> => {
        newest = await rotated(within, await rotated(within, token));
      };
      expect(await heldUp(stores, twoRotations, () => clientSees(stores, token))).toBe('superseded');
      expect(await stores.sessions.find(session.id)).toMatchObject({ state: 'live' });
      expect((await stores.tokens.use(digestToken(newest), BY)).verdict).toBe('held');
    }
  });

  it('takes a token for unknown, and for no theft, that was forgotten meanwhile', async () => {
    const stores = await make();
    const { session, token } = await logIn(stores, await newUser(stores));
    const chain = [token];
    const rotate = async (within: Stores, count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1) chain.push(await rotated(within, chain.at(-1)!));
    };
    expect(
      await heldUp(
        stores,
        (within) => rotate(within, 40),
        () => clientSees(stores, token),
      ),
    ).toBe('unknown');
    await stores.advance(11_000);
    // The first of these rotations delete this token and its successor, which the statement that waits still sees.
    expect(
      await heldUp(
        stores,
        (within) => rotate(within, 2),
        () => clientSees(stores, chain[8]!),
      ),
    ).toBe('unknown');
    expect(await stores.sessions.find(session.id)).toMatchObject({ state: 'live' });
    expect((await stores.tokens.use(digestToken(chain.at(-1)!), BY)).verdict).toBe('held');
  });

  it('converges on a successor that was issued meanwhile', async () => {
    const stores = await make();
    for (let round = 0; round < ROUNDS; round += 1) {
      const { token } = await logIn(stores, await newUser(stores));
      let successor = '';
      const rotation = async (within: Stores): Promise<void> => {
        successor = await rotated(within, token);
      };
      expect(await heldUp(stores, rotation, () => clientSees(stores, token))).toBe(successor);
    }
  });

  it.each(['end', 'endBy', 'endOthers', 'endOlder'] as const)(
    'knows at %s that a session is over that somebody else ended meanwhile',
    async (how) => {
      const stores = await make();
      for (let round = 0; round < ROUNDS; round += 1) {
        const user = await newUser(stores);
        const { session, token } = await logIn(stores, user);
        if (how === 'endOlder') await stores.users.changePassword(user.id, user.authEpoch, 'another hash', BY);
        const by = (within: Stores) => ({
          end: () => within.sessions.end(user.id, session.id, because('logout')),
          endBy: () => within.tokens.endBy(digestToken(token), because('logout')),
          endOthers: () => within.sessions.endOthers(user.id, null, because('ended_by_user')),
          endOlder: () => within.sessions.endOlder(user.id, user.authEpoch + 1, because('user_changed')),
        });
        const first = async (within: Stores): Promise<void> => void (await by(within)[how]());
        const over = { end: { outcome: 'revoked' }, endBy: { outcome: 'revoked' } }[how as 'end'] ?? {
          ended: [],
          over: [session.id],
        };
        expect(await heldUp<unknown>(stores, first, by(stores)[how])).toMatchObject(over);
      }
    },
  );
});
