import { RevocationHints } from '../../sessions/revocation-hints.js';
import { PostgresListener } from './postgres-listener.js';
import type { Statements } from './statements.js';

const CHANNEL = 'sallyport_revocations';

/** Hints by LISTEN and NOTIFY. A statement of its own, after the commit, keeps the lock that NOTIFY takes off the revocation. */
export class PostgresHints extends RevocationHints {
  private listener: PostgresListener | undefined;

  constructor(
    private readonly url: string,
    private readonly statements: Statements,
  ) {
    super();
  }

  listen(onHint: () => void): void {
    this.listener ??= new PostgresListener(this.url, CHANNEL, onHint);
  }

  async send(): Promise<void> {
    await this.statements.run('revocations_hint', 'SELECT pg_notify($1, $2)', [CHANNEL, '']);
  }

  async close(): Promise<void> {
    await this.listener?.close();
  }
}
