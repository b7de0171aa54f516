import type { Migration, Sql } from './migration.js';

/**
 * Pages of sessions keep a fifth of their room free: the new version of a row that a use writes stands beside the old one, and no
 * index hears of it. Pages that are full already get room as their rows go.
 */
export class RoomForUses1763800000000 implements Migration {
  async up(db: Sql): Promise<void> {
    await db.query(`ALTER TABLE sessions SET (fillfactor = 80)`);
  }

  async down(db: Sql): Promise<void> {
    await db.query(`ALTER TABLE sessions RESET (fillfactor)`);
  }
}
