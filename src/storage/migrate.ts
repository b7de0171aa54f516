import type { HostDataSource } from './postgres/database.options.js';

/**
 * Brings Sallyport's tables up to date on a connection of your own `DataSource`, which must be initialised: for a migration of
 * yours, run by a role that may do more than the service. All in one transaction; whoever else migrates meanwhile waits. The
 * schema is made when it is not there, and tables of a release that kept them in `public` are moved to it. A pool of one connection
 * that is in use already has none for this, so it would wait for ever.
 *
 * @example
 * await migrate(dataSource, { schema: 'sallyport' });
 */
export async function migrate(dataSource: HostDataSource, options: { readonly schema?: string } = {}): Promise<void> {
  const postgres = await import('./postgres/migrate.js');
  await postgres.migrate(dataSource, options);
}
