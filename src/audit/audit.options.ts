export abstract class AuditOptions {
  /** Days after which a month of the audit trail may go. */
  abstract readonly retentionDays: number;
}
