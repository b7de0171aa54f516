import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Fault, Stage } from './fault.js';

const admin =
  (...statements: string[]) =>
  async ({ site }: Stage): Promise<void> =>
    site.database.admin(...statements);

const resume = ({ site }: Stage): Promise<void> => site.postgres.resume();
const thaw = ({ site }: Stage): void => site.postgres.thaw();

/** The database goes, holds still or refuses. */
export const POSTGRES_FAULTS: readonly Fault[] = [
  {
    id: 'L1',
    name: 'Postgres is stopped in order',
    inflict: ({ site }) => site.postgres.stop('fast'),
    heal: resume,
  },
  {
    id: 'L1',
    name: 'Postgres is stopped at once',
    inflict: ({ site }) => site.postgres.stop('immediate'),
    heal: resume,
  },
  { id: 'L1', name: 'Postgres is killed', inflict: ({ site }) => site.postgres.stop('kill'), heal: resume },
  { id: 'L2', name: 'Postgres holds still for 1 s', inflict: freeze, lastsMs: 1000, heal: thaw },
  { id: 'L2', name: 'Postgres holds still for 5 s', inflict: freeze, lastsMs: 5000, heal: thaw },
  { id: 'L9', name: 'backends are ended at random', inflict: endBackends, lastsMs: 0 },
  {
    id: 'L15',
    name: 'Postgres has no connection left',
    inflict: async ({ site }) => {
      await site.database.admin(`ALTER ROLE ${site.database.name} CONNECTION LIMIT 0`);
      await site.database.disconnect();
    },
    heal: ({ site }) => site.database.admin(`ALTER ROLE ${site.database.name} CONNECTION LIMIT -1`),
  },
  {
    id: 'R13.2',
    name: 'Postgres is read-only',
    inflict: admin('ALTER SYSTEM SET default_transaction_read_only = on', 'SELECT pg_reload_conf()'),
    heal: admin('ALTER SYSTEM RESET default_transaction_read_only', 'SELECT pg_reload_conf()'),
  },
  {
    id: 'R13.2',
    name: 'Postgres refuses the password',
    inflict: ({ site }) => site.database.setPassword('another one'),
    heal: ({ site }) => site.database.restorePassword(),
  },
  tableLocked('sessions', ['postgres']),
  tableLocked('users'),
  {
    id: 'L12',
    name: 'the disk of Postgres is full',
    fillsDisk: true,
    lastsMs: 6000,
    inflict: ({ site }) => site.disk!.fill(),
    heal: async (stage) => {
      await stage.site.disk!.empty();
      // Without room for its log Postgres ends by itself.
      await resume(stage);
    },
  },
];

function freeze({ site }: Stage): void {
  site.postgres.freeze();
}

async function endBackends({ site }: Stage): Promise<void> {
  const { name } = site.database;
  for (let i = 0; i < 30; i += 1) {
    await site.database.admin(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${name}' ORDER BY random() LIMIT 1`,
    );
    await pause(100);
  }
}

function tableLocked(table: string, stores?: Fault['stores']): Fault {
  let holder: pg.Client;
  return {
    ...{ id: 'L5', name: `the table ${table} is locked`, stores },
    inflict: async ({ site }) => {
      holder = new pg.Client({ connectionString: site.database.adminUrl });
      await holder.connect();
      await holder.query('BEGIN');
      await holder.query(`LOCK TABLE sallyport.${table} IN ACCESS EXCLUSIVE MODE`);
    },
    heal: () => holder.end(),
  };
}
