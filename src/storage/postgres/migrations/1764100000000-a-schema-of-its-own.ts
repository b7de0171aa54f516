import type { Migration, Sql } from './migration.js';

/** The functions whose bodies name tables or other functions. A function with a setting of its own is never inlined, so the others have none. */
const NAMING = [
  'sallyport_open_session(uuid, uuid, integer, text, text, text, text, bytea, interval, interval, integer, boolean)',
  'sallyport_open_session(jsonb, interval, bytea, jsonb)',
  'sallyport_move_epoch',
  'sallyport_add_audit_part',
  'sallyport_make_audit_months',
  'sallyport_drop_audit_months',
  'sallyport_limits_full',
  'sallyport_take',
];

/** Functions look for what they name in the schema that they are in, whoever calls them: a connection may look elsewhere, as one of an application that has tables of the same names. */
export class ASchemaOfItsOwn1764100000000 implements Migration {
  async up(db: Sql): Promise<void> {
    for (const named of NAMING) await db.query(`ALTER FUNCTION ${named} SET search_path FROM CURRENT`);
  }

  async down(db: Sql): Promise<void> {
    for (const named of NAMING) await db.query(`ALTER FUNCTION ${named} RESET search_path`);
  }
}
