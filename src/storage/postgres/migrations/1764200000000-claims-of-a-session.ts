import type { Migration, Sql } from './migration.js';

/** A session keeps what the application told of its user when it was opened. Null where that is nothing, as in every older session. */
export class ClaimsOfASession1764200000000 implements Migration {
  async up(db: Sql): Promise<void> {
    await db.query(`ALTER TABLE sessions ADD COLUMN claims jsonb`);
  }

  async down(db: Sql): Promise<void> {
    await db.query(`ALTER TABLE sessions DROP COLUMN claims`);
  }
}
