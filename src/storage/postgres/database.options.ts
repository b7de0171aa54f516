import type { DataSource } from 'typeorm';

/** TypeORM's, of the application that we are part of. */
export type HostDataSource = DataSource;

/** Which Postgres is used, and through whose connections. */
export type DatabaseOptions =
  /** Through connections of our own. */
  | { readonly url: string }
  /**
   * Through the pool of your own TypeORM `DataSource`, which is initialised if it is not yet, and never destroyed. Its connections
   * are yours: their default isolation must be read committed, and `synchronous_commit = off` there may cost what was answered with
   * a crash of the server. Hints are heard on one connection more, made by its options. `migrate: false`: the tables are brought up
   * to date by you, by `migrate(dataSource)`, and a start with older ones is refused.
   */
  | { readonly dataSource: HostDataSource; readonly migrate?: boolean }
  /** The embedded one of `@sallyport/embedded-postgres`, which keeps its cluster in this folder. */
  | { readonly embeddedIn: string };
