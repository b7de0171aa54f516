import { SallyportEvents } from '../../src/audit/events.js';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { AuditLog } from '../../src/audit/audit-log.js';
import { UnavailableError } from '../../src/core/app-error.js';
import { KeyedHash } from '../../src/core/keyed-hash.js';
import { APPEND, LIST_ALL, LIST_OF } from '../../src/storage/postgres/audit.sql.js';
import { PostgresAuditTrail } from '../../src/storage/postgres/postgres-audit-trail.js';
import { END_OTHERS } from '../../src/storage/postgres/session.sql.js';
import { Statements } from '../../src/storage/postgres/statements.js';
import { eventually } from '../support/eventually.js';
import { MovedClock } from '../support/moved-clock.js';
import { failure } from '../support/own-redis.js';
import { postgres } from '../support/postgres-storage.js';
import { DAY, describeStorage, logIn, newUser, SECOND } from '../../src/contract/store-fixture.js';
import { toldTime } from '../support/told-time.js';
import { because, BY } from '../../src/contract/told.js';

const HASH = new KeyedHash(Buffer.alloc(32, 7));

/** A log that says nothing and counts the rows that were lost. */
class CountingLog extends AuditLog {
  lost = 0;
  override say(): void {}
  override sayLost(count: number): void {
    this.lost += count;
  }
}

/** A database that can be out of reach, and that can do an act and lose the answer. */
class Link {
  state: 'up' | 'down' | 'answers are lost' = 'up';

  constructor(private readonly pool: pg.Pool) {}

  query = (async (...query: unknown[]) => {
    if (this.state === 'down') throw new Error('connect ECONNREFUSED');
    const result = await (this.pool.query as (...query: unknown[]) => Promise<unknown>)(...query);
    if (this.state === 'answers are lost') throw new Error('Connection terminated');
    return result;
  }) as pg.Pool['query'];
}

describeStorage(postgres, 'The audit trail', (make) => {
  let pool: pg.Pool;
  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: process.env.TEST_WORKER_DATABASE_URL });
    await make();
    await layAside();
  });
  afterAll(() => pool.end());

  function trailOn(link: Pick<pg.Pool, 'query'> = pool) {
    const [log, clock] = [new CountingLog(new SallyportEvents({ on: {} })), new MovedClock()];
    return { trail: new PostgresAuditTrail(new Statements(link), log, HASH, clock, toldTime(clock)), log, clock };
  }

  /** What other tests have told is kept under other names, so that these tests begin with a trail in which nothing was told. */
  async function layAside(): Promise<void> {
    for (const part of await months()) {
      await pool.query(`ALTER TABLE sallyport.audit_events DETACH PARTITION sallyport.${part}`);
      await pool.query(`ALTER TABLE sallyport.${part} RENAME TO ${part}_of_${randomBytes(4).toString('hex')}`);
    }
    await pool.query(`SELECT sallyport.sallyport_add_audit_part('audit_events_rest', 'DEFAULT')`);
  }

  const months = async (): Promise<string[]> => {
    const query = `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                   WHERE i.inhparent = 'sallyport.audit_events'::regclass ORDER BY 1`;
    return (await pool.query<{ relname: string }>(query)).rows.map(({ relname }) => relname);
  };

  it('keeps its rows: nobody changes or deletes one, whichever table is named (R13.6)', async () => {
    const { trail } = trailOn();
    await make();
    await trail.keepMonths(400);
    trail.tell('authz_fail', {}, BY);
    await trail.close();
    const tables = ['audit_events', ...(await months())];
    expect(tables.length).toBeGreaterThan(3);
    for (const table of tables) {
      await expect(pool.query(`TRUNCATE sallyport.${table}`)).rejects.toThrow('rows are only added');
    }
    for (const act of [`UPDATE sallyport.audit_events SET actor = 'nobody'`, 'DELETE FROM sallyport.audit_events']) {
      await expect(pool.query(act)).rejects.toThrow('rows are only added');
    }
  });

  it('is written in the act or not at all, and the act with it (R13.5)', async () => {
    const stores = await make();
    const user = await newUser(stores);
    const { session } = await logIn(stores, user);
    await pool.query(`ALTER TABLE sallyport.audit_events ADD CONSTRAINT full_today CHECK (actor <> 'test') NOT VALID`);
    try {
      expect((await failure(stores.sessions.end(user.id, session.id, because('logout')))).error).not.toBeNull();
      expect(await stores.sessions.find(session.id)).toMatchObject({ state: 'live' });
      expect((await failure(stores.users.changePassword(user.id, 0, 'another hash', BY))).error).not.toBeNull();
      expect((await stores.users.find(user.id))!.authEpoch).toBe(0);
    } finally {
      await pool.query(`ALTER TABLE sallyport.audit_events DROP CONSTRAINT full_today`);
    }
    expect(await stores.sessions.end(user.id, session.id, because('logout'))).toMatchObject({ outcome: 'ended' });
  });

  it('takes what is told while the database is out of reach, and writes it with its time when it is back (R13.5)', async () => {
    await make();
    const link = new Link(pool);
    const { trail, log } = trailOn(link);
    link.state = 'down';
    const toldAt = Date.now();
    trail.tell('authn_login_fail', { identifier: 'ada@example.org' }, BY);
    link.state = 'answers are lost';
    await pause(1200);
    link.state = 'up';
    const query = { identifier: 'ada@example.org', sinceMs: DAY, limit: 10 };
    await eventually(async () => (await trail.list(query)).length > 0);
    await trail.close();
    const found = await trail.list(query);
    expect(found).toHaveLength(1);
    expect(Math.abs(found[0]!.at.getTime() - toldAt)).toBeLessThan(500);
    expect(log.lost).toBe(0);
  });

  it('tells the same refusal of the same session once a minute, whatever its address (R13.5)', async () => {
    await make();
    const { trail, clock } = trailOn();
    const session = (nth: number) => ({
      userId: '018f0000-0000-7000-8000-000000000001',
      sessionId: `018f0000-0000-7000-8000-00000000000${nth}`,
    });
    const sinceMs = 5 * SECOND;
    const count = async () => (await trail.list({ ...session(1), sinceMs, limit: 1000 })).length;
    const before = await count();
    for (let i = 0; i < 10; i += 1) for (const nth of [1, 2]) trail.tell('authz_fail', session(nth), BY);
    trail.tell('authz_fail', session(1), { ...BY, ip: '2001:db8::1' });
    await eventually(async () => (await count()) === before + 2);
    clock.advance(61 * SECOND);
    trail.tell('authz_fail', session(1), BY);
    await eventually(async () => (await count()) === before + 3);
    await trail.close();
  });

  it('says how many rows it could not keep, and that it cannot be read (R13.2)', async () => {
    const link = new Link(pool);
    const { trail, log } = trailOn(link);
    link.state = 'down';
    for (let i = 0; i < 20_001; i += 1) trail.tell('authn_login_fail', {}, BY);
    expect(log.lost).toBe(500);
    expect((await failure(trail.list({ sinceMs: DAY, limit: 1 }))).error).toBeInstanceOf(UnavailableError);
    await trail.close();
    expect(log.lost).toBe(20_001);
  });

  it('loses no row but the one that the database does not take', async () => {
    await make();
    const { trail, log } = trailOn();
    const [good, other] = ['good@example.org', 'other@example.org'];
    await pool.query(`ALTER TABLE sallyport.audit_events ADD CONSTRAINT full_today CHECK (actor <> 'bad') NOT VALID`);
    try {
      trail.tell('authn_login_fail', { identifier: good }, BY);
      trail.tell('authn_login_fail', {}, { actor: 'bad' });
      trail.tell('authn_login_fail', { identifier: other }, BY);
      await eventually(async () => log.lost === 1);
    } finally {
      await pool.query(`ALTER TABLE sallyport.audit_events DROP CONSTRAINT full_today`);
    }
    await trail.close();
    for (const identifier of [good, other]) {
      expect(await trail.list({ identifier, sinceMs: 60 * SECOND, limit: 10 })).toHaveLength(1);
    }
    trail.tell('authn_login_fail', {}, BY);
    expect(log.lost).toBe(2);
  });

  it('is in an answer once, however many sessions the answer names', async () => {
    const stores = await make({ maxPerUser: 40 });
    const user = await newUser(stores);
    for (let i = 0; i < 60; i += 1) await logIn(stores, user);
    const telling = JSON.stringify({ event: 'authn_token_revoked' });
    const { rows } = await pool.query(END_OTHERS.text, [user.id, null, 'ended_by_user', '1 h', telling]);
    expect(rows).toHaveLength(60);
    expect(rows.flatMap(({ told }) => told ?? [])).toHaveLength(40);
  });

  it('is read and written by an index, however long it is', async () => {
    await make();
    await pool.query(`INSERT INTO sallyport.audit_events (event, user_id, at)
      SELECT 'authn_login_success', gen_random_uuid(), now() - n * interval '1 s' FROM generate_series(1, 20000) n`);
    await pool.query('ANALYZE sallyport.audit_events');
    const [filled] = (await months()).filter((month) => month !== 'audit_events_rest');
    const client = await pool.connect();
    for (const { text } of [LIST_ALL, LIST_OF, APPEND]) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN, COSTS OFF) ${text}`);
      const scanned = rows.filter((row) => row['QUERY PLAN'].includes(`Seq Scan on ${filled!}`));
      expect(scanned).toEqual([]);
    }
    client.release();
  });

  it('gets the months to come and loses the old ones although an old one is in use, and nobody waits for that', async () => {
    const stores = await make();
    const { trail } = trailOn();
    await trail.keepMonths(30);
    const before = await months();
    const reader = await pool.connect();
    await reader.query('BEGIN');
    await reader.query(`SELECT count(*) FROM sallyport.${before[0]!}`);
    await stores.advance(100 * DAY);
    await trail.keepMonths(30);
    const during = await months();
    expect(during.filter((month) => before.slice(0, 2).includes(month))).toEqual([before[0]]);
    expect(during.filter((month) => !before.includes(month)).length).toBeGreaterThan(0);
    await reader.query('ROLLBACK');
    reader.release();
    await trail.keepMonths(30);
    expect(await months()).not.toContain(before[0]);
  });

  it('goes by whole months, and rows that lie in no month of their own go, too (R13.6)', async () => {
    const stores = await make();
    const { trail } = trailOn();
    await trail.keepMonths(30);
    const before = await months();
    expect(before.length).toBeGreaterThan(3);
    const user = await newUser(stores);
    await stores.advance(200 * DAY);
    const { session } = await logIn(stores, user);
    const kept = () => trail.list({ userId: user.id, sinceMs: 1000 * DAY, limit: 10 });
    expect((await kept()).map(({ event }) => event)).toEqual(['user_created', 'authn_login_success']);
    await trail.keepMonths(30);
    expect(await months()).not.toContain(before[0]);
    // The month of the login lies with the rest, since rows of it were there first.
    expect(await kept()).toMatchObject([{ event: 'authn_login_success', sessionId: session.id }]);
    await stores.advance(200 * DAY);
    await trail.keepMonths(30);
    expect(await kept()).toEqual([]);
  });
});
