import type { DataSource } from 'typeorm';
import { StartError } from '../../core/start-error.js';
import type { OpenDatabase } from './database.js';
import type { DatabaseOptions } from './database.options.js';
import { poolOf, QUERY_WITHIN_MS } from './data-source.js';
import { lackedBy, migrate } from './migrate.js';
import { patiently } from './patience.js';

/** The database of an application that we are part of, through its own connections. Closing leaves them to the application. */
export async function openHostDatabase(
  { dataSource, migrate: mayMigrate = true }: Extract<DatabaseOptions, { dataSource: unknown }>,
  schema: string,
): Promise<OpenDatabase> {
  await patiently('The database of the DataSource', unreachable, async () => {
    if (!dataSource.isInitialized) await dataSource.initialize();
    await refuseOther(dataSource);
    await refuseOurSchema(dataSource, schema);
    if (mayMigrate) await migrate(dataSource, { schema });
    else await refuseOlder(dataSource, schema);
  });
  return { pool: poolOf(dataSource), withinMs: QUERY_WITHIN_MS, close: async () => undefined };
}

function unreachable(cause: unknown): StartError {
  return new StartError(
    'The database of the DataSource cannot be reached. Check that Postgres is running and what the DataSource says of it.',
    { cause },
  );
}

async function refuseOther(dataSource: DataSource): Promise<void> {
  if (dataSource.options.type !== 'postgres')
    throw new StartError(`The DataSource must be one of Postgres, and not of ${dataSource.options.type}.`);
  const { rows } = await poolOf(dataSource).query<{ isolation: string }>(
    `SELECT current_setting('default_transaction_isolation') AS isolation`,
  );
  const { isolation } = rows[0]!;
  // A statement that waited for a row must see its newest version.
  if (isolation !== 'read committed')
    throw new StartError(
      `The connections of the DataSource must be "read committed" by default, and are "${isolation}": set ` +
        'default_transaction_isolation for them, and another isolation where a transaction needs it.',
    );
}

/** What an application calls by no schema, such as its own `users`, must not be ours: its `synchronize` would alter it. */
async function refuseOurSchema(dataSource: DataSource, schema: string): Promise<void> {
  const { rows } = await poolOf(dataSource).query<{ role: string; path: string }>(
    `SELECT current_user AS role, current_setting('search_path') AS path`,
  );
  const { role, path } = rows[0]!;
  const searched = path.split(',').map((name) =>
    name
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replace('$user', () => role),
  );
  if (searched.includes(schema))
    throw new StartError(
      `The connections of the DataSource look for tables in ${schema}, the schema of Sallyport's own (search_path = ${path}, role ` +
        `${role}): give their search_path without it, or give Sallyport another schema.`,
    );
}

async function refuseOlder(dataSource: DataSource, schema: string): Promise<void> {
  const lacked = await lackedBy(poolOf(dataSource), schema);
  if (lacked.length > 0)
    throw new StartError(
      `The tables in the schema ${schema} are behind this release (${lacked.join(', ')}): run migrate(dataSource) before the ` +
        'start, or leave migrate: false out.',
    );
}
