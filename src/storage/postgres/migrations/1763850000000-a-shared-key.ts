import type { Migration, Sql } from './migration.js';

/** The key by which all instances hash what must not stand in the database or the log as it is. Each UUID has 122 random bits. */
export class ASharedKey1763850000000 implements Migration {
  async up(db: Sql): Promise<void> {
    await db.query(`CREATE TABLE shared_keys (name text PRIMARY KEY, key bytea NOT NULL)`);
    await db.query(`
      INSERT INTO shared_keys (name, key)
      VALUES ('hash', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))`);
  }

  async down(db: Sql): Promise<void> {
    await db.query(`DROP TABLE shared_keys`);
  }
}
