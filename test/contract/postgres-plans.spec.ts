import pg from 'pg';
import * as sessionSql from '../../src/storage/postgres/session.sql.js';
import * as upkeepSql from '../../src/storage/postgres/session-upkeep.sql.js';
import type { Statement } from '../../src/storage/postgres/statements.js';
import * as tokenSql from '../../src/storage/postgres/token.sql.js';
import { postgres } from '../support/postgres-storage.js';
import { DAY, describeStorage, logIn, newUser, swept } from '../../src/contract/store-fixture.js';

describeStorage(postgres, 'The tables of sessions and tokens', (make) => {
  let client: pg.Client;

  beforeAll(async () => {
    client = new pg.Client({ connectionString: process.env.TEST_WORKER_DATABASE_URL });
    await client.connect();
  });
  afterAll(() => client.end());

  /** Sessions that ended a minute after one another, each with so many tokens, of as many users as it takes. */
  async function fill({ sessions, tokens }: { sessions: number; tokens: number }): Promise<void> {
    const { rows: users } = await client.query<{ id: string }>(
      `INSERT INTO sallyport.users (id, email, password_hash)
       SELECT id, id || '@example.org', 'not a hash' FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $1)) RETURNING id`,
      [Math.ceil(sessions / 10)],
    );
    await client.query(
      `INSERT INTO sallyport.sessions (id, user_id, auth_epoch, mode, transport, device, auth_time, acr, amr, created_at, last_seen_at,
         idle_expires_at, expires_at, ended_at, generation)
       SELECT gen_random_uuid(), ($1::uuid[])[1 + n / 11], 0, 'jwt', 'bearer', 'a device', at, 'aal1', '{pwd}', at, at, at, at,
         CASE WHEN n % 2 = 0 THEN at END, $3::integer - 1
       FROM generate_series(1, $2::integer) n, LATERAL (SELECT now() - n * interval '1 minute' AS at)`,
      [users.map(({ id }) => id), sessions, tokens],
    );
    await client.query(
      `INSERT INTO sallyport.refresh_tokens (digest, session_id, generation, issued_at)
       SELECT sha256((s.id::text || n)::bytea), s.id, n, s.created_at
       FROM sallyport.sessions s, generate_series(0, $1::integer - 1) n WHERE s.user_id = ANY ($2)`,
      [tokens, users.map(({ id }) => id)],
    );
    await client.query('ANALYZE sallyport.sessions, sallyport.refresh_tokens, sallyport.users');
  }

  // The count by mode is a command's, for people: it reads everything.
  const statements = [sessionSql, upkeepSql, tokenSql]
    .flatMap((file): unknown[] => Object.values(file))
    .filter((each): each is Statement => typeof each === 'object' && each !== upkeepSql.COUNT_BY_MODE);

  it('are read by an index in every statement of the stores, however large they are', async () => {
    await make();
    await fill({ sessions: 10_000, tokens: 3 });
    expect(statements.length).toBeGreaterThan(10);
    const scanned = [];
    for (const { name, text } of statements) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN, COSTS OFF) ${text}`);
      const plan = rows.map((row) => row['QUERY PLAN']);
      if (plan.some((line) => /Seq Scan on (sessions|refresh_tokens)/.test(line))) scanned.push(name, ...plan);
    }
    expect(scanned).toEqual([]);
  });

  it('write a use without touching an index, beside the row it replaces', async () => {
    await make();
    await fill({ sessions: 200, tokens: 1 });
    await client.query('BEGIN');
    // Every tenth of them, wherever it stands.
    await client.query(
      `UPDATE sallyport.sessions SET last_seen_at = now(), idle_expires_at = now(), salt = NULL, rotated_at = now()
       WHERE extract(minute FROM created_at)::integer % 10 = 0`,
    );
    const { rows } = await client.query(
      `SELECT n_tup_upd::integer AS updated, n_tup_hot_upd::integer AS hot
       FROM pg_stat_xact_user_tables WHERE relname = 'sessions'`,
    );
    await client.query('COMMIT');
    expect(rows).toEqual([{ updated: 20, hot: 20 }]);
  });

  it('have no index on what a use or a rotation writes', async () => {
    await make();
    const { rows } = await client.query<{ indexdef: string }>(
      `SELECT indexdef FROM pg_indexes WHERE tablename = 'sessions' AND schemaname = 'sallyport'`,
    );
    expect(rows.length).toBeGreaterThan(3);
    const moved = /\b(last_seen_at|idle_expires_at|generation|salt|rotated_at|mode|transport)\b/;
    expect(rows.filter(({ indexdef }) => moved.test(indexdef))).toEqual([]);
  });

  it('are swept of a session with very many tokens, and of all others too', async () => {
    const stores = await make();
    await fill({ sessions: 1, tokens: 30_000 });
    await fill({ sessions: 50, tokens: 2 });
    const { session } = await logIn(stores, await newUser(stores));
    await stores.advance(2 * DAY - 60_000);
    const alive = await logIn(stores, await newUser(stores));
    // No statement deletes more than its slice, whatever a session has gathered.
    const { tokens } = (await client.query('SELECT count(*)::integer AS tokens FROM sallyport.refresh_tokens')).rows[0];
    await stores.sessions.sweep(500);
    const left = (await client.query('SELECT count(*)::integer AS tokens FROM sallyport.refresh_tokens')).rows[0]
      .tokens;
    expect(tokens - left).toBeGreaterThan(0);
    expect(tokens - left).toBeLessThanOrEqual(500);
    await swept(stores, 500);
    expect((await client.query('SELECT id FROM sallyport.sessions ORDER BY id')).rows).toEqual([
      { id: alive.session.id },
    ]);
    expect(await stores.sessions.find(session.id)).toEqual({ state: 'unknown' });
  });

  it('are swept oldest first', async () => {
    const stores = await make();
    await fill({ sessions: 30, tokens: 0 });
    await stores.advance(2 * DAY);
    const oldest = `SELECT id FROM sallyport.sessions ORDER BY expires_at`;
    const { rows } = await client.query<{ id: string }>(oldest);
    await stores.sessions.sweep(7);
    const left = new Set((await client.query<{ id: string }>(oldest)).rows.map(({ id }) => id));
    expect(left.size).toBe(23);
    expect(rows.map(({ id }) => left.has(id))).toEqual([...Array(7).fill(false), ...Array(23).fill(true)]);
  });

  it('are swept by one instance at a time', async () => {
    const stores = await make();
    await fill({ sessions: 5, tokens: 1 });
    await stores.advance(2 * DAY);
    await client.query('BEGIN');
    const values = ['1 day', 10];
    expect((await client.query(upkeepSql.SWEEP.text, values)).rows).toEqual([{ sessions: 0, tokens: 5 }]);
    expect(await stores.sessions.sweep(10)).toEqual({ sessions: 0, isDone: true });
    await client.query('COMMIT');
    expect(await stores.sessions.sweep(10)).toEqual({ sessions: 5, isDone: false });
  });
});
