import pg from 'pg';
import { UnavailableError } from '../../src/core/app-error.js';
import { digestToken } from '../../src/sessions/opaque-token.js';
import { PostgresSessionStore } from '../../src/storage/postgres/postgres-session.store.js';
import { PostgresTokenStore } from '../../src/storage/postgres/postgres-token.store.js';
import { PostgresUserStore } from '../../src/storage/postgres/postgres-user.store.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import { failure } from '../support/own-redis.js';
import { postgres } from '../support/postgres-storage.js';
import { attempt, describeStorage, logIn, newUser, POLICY, SECOND } from '../support/store-fixture.js';

describeStorage(postgres, 'A read-only database', (make) => {
  it('still says who holds a token, also when the use is to be written, and says what is wrong', async () => {
    const stores = await make();
    const { session, token } = await logIn(stores, await newUser(stores));
    await stores.advance(65 * SECOND);
    const client = new pg.Client({ connectionString: process.env.TEST_WORKER_DATABASE_URL });
    await client.connect();
    try {
      const statements = new Statements(client);
      const sessions = new PostgresSessionStore(statements, POLICY);
      const tokens = new PostgresTokenStore(statements, POLICY);
      await sessions.ping();
      await client.query('SET default_transaction_read_only = on');
      expect(await tokens.use(digestToken(token))).toMatchObject({ verdict: 'held' });
      for (const act of [() => sessions.touch(session.id), () => tokens.rotate(attempt(token))]) {
        expect((await failure(act())).error).toBeInstanceOf(UnavailableError);
      }
      for (const store of [sessions, new PostgresUserStore(statements)]) {
        expect((await failure(store.ping())).error).toMatchObject({ trouble: 'The database is read-only.' });
      }
    } finally {
      await client.end();
    }
  });
});
