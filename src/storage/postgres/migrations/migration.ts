/** Where a migration says its SQL: a connection that makes and finds everything in our schema. */
export interface Sql {
  query(sql: string): Promise<unknown>;
}

/** One step of the tables from release to release. The name of its class, which ends in a time, is what is noted of it. */
export interface Migration {
  up(db: Sql): Promise<void>;
  down(db: Sql): Promise<void>;
}
