import type { QueryResultRow } from 'pg';
import type { AuditLog } from '../../audit/audit-log.js';
import { type AuditRow, toEntry } from './audit.sql.js';
import type { Statement, Statements } from './statements.js';

/** Runs statements that add to the audit trail what they do (`told`), and puts what they have added into the log. */
export class ToldStatements {
  constructor(
    private readonly statements: Statements,
    private readonly log: AuditLog,
  ) {}

  /** The rows that a statement gives. Throws `UnavailableError`, and then nothing was done or nobody knows. */
  async run<Row extends QueryResultRow>(wanted: Statement, values: readonly unknown[]): Promise<Row[]> {
    const rows = await this.statements.run<Row & { told: AuditRow[] | null }>(wanted, values);
    for (const row of rows[0]?.told ?? []) this.log.say(toEntry(row));
    return rows;
  }
}
