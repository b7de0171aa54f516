import type { ClientConfig, Pool } from 'pg';
import { RevocationHints } from '../../sessions/revocation-hints.js';
import { PostgresListener } from './postgres-listener.js';
import { statement, type Statements } from './statements.js';

const CHANNEL = 'sallyport_revocations';
const SEND = statement('revocations_hint', 'SELECT pg_notify($1, $2)');

/**
 * Hints by LISTEN and NOTIFY. NOTIFY takes a lock of the whole database at commit; sent as a statement of its own after the
 * commit, it keeps no revocation waiting for that lock.
 */
export class PostgresHints extends RevocationHints {
  private listener: PostgresListener | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly statements: Statements,
  ) {
    super();
  }

  listen(onHint: () => void): void {
    this.listener ??= new PostgresListener(connectionOf(this.pool), CHANNEL, onHint);
  }

  async send(): Promise<void> {
    await this.statements.run(SEND, [CHANNEL, '']);
  }

  async close(): Promise<void> {
    await this.listener?.close();
  }
}

/** Where a pool connects to, for a connection that is not one of its own. The pool keeps the password out of what is enumerated. */
function connectionOf({ options }: Pool): ClientConfig {
  return { ...options, password: options.password };
}
