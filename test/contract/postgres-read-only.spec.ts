import pg from 'pg';
import { UnavailableError } from '../../src/core/app-error.js';
import { digestToken } from '../../src/sessions/opaque-token.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import { failure } from '../support/own-redis.js';
import { postgres, postgresStores } from '../support/postgres-storage.js';
import { attempt, describeStorage, logIn, newUser, POLICY, SECOND } from '../../src/contract/store-fixture.js';
import { BY } from '../../src/contract/told.js';

describeStorage(postgres, 'A read-only database', (make) => {
  it('still says who holds a token, also when the use is to be written, and says what is wrong', async () => {
    const stores = await make();
    const { session, token } = await logIn(stores, await newUser(stores));
    await stores.advance(65 * SECOND);
    const client = new pg.Client({ connectionString: process.env.TEST_WORKER_DATABASE_URL });
    await client.connect();
    try {
      const statements = new Statements(client);
      const { sessions, tokens, users } = postgresStores(statements, POLICY);
      await sessions.ping();
      await client.query('SET default_transaction_read_only = on');
      expect(await tokens.use(digestToken(token), BY)).toMatchObject({ verdict: 'held' });
      for (const act of [() => sessions.touch(session.id), () => tokens.rotate(attempt(token), BY)]) {
        expect((await failure(act())).error).toBeInstanceOf(UnavailableError);
      }
      for (const store of [sessions, users]) {
        expect((await failure(store.ping())).error).toMatchObject({ trouble: 'The database is read-only.' });
      }
    } finally {
      await client.end();
    }
  });
});
