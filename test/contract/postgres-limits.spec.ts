import pg from 'pg';
import type { LimitStore } from '../../src/limits/limit.store.js';
import { LimitSweeper } from '../../src/limits/limit-sweeper.js';
import * as limitSql from '../../src/storage/postgres/limit.sql.js';
import { fill, newBucket, takenOrFull } from '../../src/contract/buckets.js';
import { limitStore } from '../support/limit-fixture.js';
import { postgres } from '../support/postgres-storage.js';
import { DAY, describeStorage, SECOND } from '../../src/contract/store-fixture.js';

describeStorage(postgres, 'The table of limits', (make) => {
  let store: LimitStore;
  let close: () => Promise<void>;
  let client: pg.Client;

  beforeAll(async () => {
    await make();
    ({ store, close } = await limitStore());
    client = new pg.Client({ connectionString: process.env.TEST_WORKER_DATABASE_URL });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await close();
  });

  // What a column holds is whatever it is; each test says what it expects of it.
  const ask = async (text: string, values?: unknown[]): Promise<Record<string, never>[]> =>
    (await client.query(text, values)).rows;
  const rows = async (): Promise<number> =>
    (await ask('SELECT count(*)::integer AS count FROM sallyport.limits'))[0]!.count;

  /** Buckets that are over, the oldest a minute each apart. */
  async function crowd(count: number): Promise<void> {
    await ask(`INSERT INTO sallyport.limits SELECT decode(md5(n::text), 'hex'), ARRAY[at], at + interval '1 hour'
      FROM generate_series(1, ${count}) n, LATERAL (SELECT now() - interval '1 day' - n * interval '1 minute' AS at)`);
    await ask('ANALYZE sallyport.limits');
  }
  beforeEach(() => ask('TRUNCATE sallyport.limits'));

  it('is read by an index in every statement, those inside the functions included, however large it is', async () => {
    await crowd(20_000);
    const keys = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
    const rules = JSON.stringify(
      keys.map(() => ({ windows: [{ quota: 5, seconds: 900 }], keep: 5, keepSeconds: 900 })),
    );
    const values = { TAKE: [keys, rules], GIVE_BACK: ['2026-01-01 00:00:00+00', [keys[0]], [keys[1]]], SWEEP: [500] };
    const scans = async (): Promise<number> =>
      (await ask(`SELECT seq_scan::integer FROM pg_stat_xact_user_tables WHERE relname = 'limits'`))[0]!['seq_scan'];
    for (const [name, { text }] of Object.entries(limitSql)) {
      // Often enough for the plans to be those that are kept.
      for (let i = 0; i < 8; i += 1) {
        await ask('BEGIN');
        const before = await scans();
        await client.query<object, unknown[]>({ name, text, values: values[name as keyof typeof values] });
        const scanned = (await scans()) - before;
        await ask('ROLLBACK');
        expect({ name, scanned }).toEqual({ name, scanned: 0 });
      }
    }
  });

  it('holds no name of whom it counts for', async () => {
    const bucket = { ...newBucket('login-account'), subject: 'ada@example.org' };
    await fill(store, 1, bucket);
    expect(
      JSON.stringify(await ask(`SELECT encode(key, 'escape') AS key, hits::text FROM sallyport.limits`)),
    ).not.toContain('ada');
  });

  it('keeps as many times of a bucket as its limit can ask for', async () => {
    const { advance } = await make();
    const [source, account] = [newBucket('login-source'), newBucket('login-account')];
    for (let i = 0; i < 11; i += 1) {
      await fill(store, 20, source);
      await advance((i === 9 ? 3100 : 60) * SECOND);
    }
    await fill(store, 10, account);
    for (let i = 0; i < 6; i += 1) {
      await advance((await takenOrFull(store, account))[0]!.waitMs);
      await fill(store, 1, account);
    }
    const sizes = await ask('SELECT cardinality(hits) AS size FROM sallyport.limits ORDER BY 1');
    expect(sizes).toEqual([{ size: 14 }, { size: 200 }]);
  });

  it('counts without touching an index, beside the row that is replaced', async () => {
    const buckets = Array.from({ length: 20 }, () => newBucket('password-change'));
    for (const bucket of buckets) await fill(store, 1, bucket);
    await ask('BEGIN');
    // The server may not have told yet of what this connection did before.
    const updates = () =>
      ask(`SELECT n_tup_upd::integer AS updated, n_tup_hot_upd::integer AS hot
        FROM pg_stat_xact_user_tables WHERE relname = 'limits'`);
    const [before] = await updates();
    const rules = '[{"windows": [{"quota": 5, "seconds": 900}], "keep": 5, "keepSeconds": 900}]';
    await ask('SELECT sallyport.sallyport_take(ARRAY[key], $1) FROM sallyport.limits', [rules]);
    const [after] = await updates();
    await ask('COMMIT');
    expect({ updated: after!.updated - before!.updated, hot: after!.hot - before!.hot }).toEqual({
      updated: 20,
      hot: 20,
    });
  });

  it('writes nothing for an act that is refused', async () => {
    const bucket = newBucket('password-change');
    await fill(store, 5, bucket);
    const version = (): Promise<unknown> => ask('SELECT xmin, xmax, ctid FROM sallyport.limits');
    const before = await version();
    for (let i = 0; i < 5; i += 1) expect(await takenOrFull(store, bucket)).toHaveLength(1);
    expect(await version()).toEqual(before);
  });

  it('is swept in slices, oldest first, of what no limit asks for any more', async () => {
    await crowd(1200);
    const bucket = newBucket('login-account');
    await fill(store, 10, bucket);
    expect(await store.sweep(500)).toBe(500);
    const left = await ask(
      `SELECT max(now() - forget_at) < interval '1 day 12 hours' AS "areYoung" FROM sallyport.limits`,
    );
    expect(left).toEqual([{ areYoung: true }]);
    expect(await new LimitSweeper(store).sweep()).toBe(700);
    expect(await rows()).toBe(1);
    expect(await takenOrFull(store, bucket)).toHaveLength(1);
  });

  it('keeps a bucket for as long as its counts mean something, and an hour or two more', async () => {
    const { advance } = await make();
    const [tries, inARow] = [newBucket('password-change'), newBucket('login-account')];
    await fill(store, 5, tries);
    await fill(store, 5, inARow);
    expect(await store.sweep(10)).toBe(0);
    await advance(2.5 * 3600 * SECOND);
    expect(await store.sweep(10)).toBe(1);
    await advance(DAY);
    expect(await store.sweep(10)).toBe(1);
  });

  it('is swept by one instance at a time', async () => {
    await crowd(10);
    await ask('BEGIN');
    expect(await ask(limitSql.SWEEP.text, [4])).toHaveLength(4);
    expect(await store.sweep(10)).toBe(0);
    await ask('ROLLBACK');
    expect(await store.sweep(10)).toBe(10);
  });
});
