import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** How often the connection is asked whether it still stands. A link that swallows everything says nothing by itself. */
const HEARTBEAT_MS = 10_000;
const GOODBYE_MS = 250;
const SHORTEST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 5_000;

/**
 * Listens to one channel on a connection of its own, which must lead to the server itself: a pooler that hands connections
 * round hears nothing. Calls `onHeard` for each notification, and after each LISTEN, since nothing was kept in between.
 */
export class PostgresListener {
  private readonly closing = new AbortController();
  private readonly ended: Promise<void>;

  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly channel: string,
    private readonly onHeard: () => void,
  ) {
    this.ended = this.stayConnected();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.ended;
  }

  private async stayConnected(): Promise<void> {
    for (let failures = 0; !this.closing.signal.aborted; failures += 1) {
      const socket = new Socket();
      const client = this.newClient(socket);
      const lost = new Promise<void>((resolve) => {
        client.on('error', () => resolve());
        client.on('end', () => resolve());
      });
      try {
        await client.connect();
        await client.query(`LISTEN ${this.channel}`);
        failures = 0;
        this.onHeard();
        await this.heartbeat(client, lost);
      } catch {
        // Whatever it was, the connection is left and sought again: without hints the pull goes on as before.
      }
      await leave(client);
      socket.destroy();
      await this.wait(delayAfter(failures));
    }
  }

  /** Until the connection is lost or given up. Throws when it does not answer. */
  private async heartbeat(client: pg.Client, lost: Promise<void>): Promise<void> {
    let standing = true;
    void lost.then(() => (standing = false));
    while (standing && !this.closing.signal.aborted) {
      await Promise.race([lost, this.wait(HEARTBEAT_MS)]);
      if (standing && !this.closing.signal.aborted) await client.query('SELECT 1');
    }
  }

  private newClient(socket: Socket): pg.Client {
    const client = new pg.Client({
      ...this.connection,
      stream: () => socket,
      application_name: 'sallyport hints',
      connectionTimeoutMillis: 1000,
      statement_timeout: 2000,
      query_timeout: 2500,
      keepAlive: true,
    });
    client.on('notification', () => {
      if (!this.closing.signal.aborted) this.onHeard();
    });
    return client;
  }

  private async wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.closing.signal, ref: false }).catch(() => undefined);
  }
}

/** A connection that does not answer does not say goodbye either. */
async function leave(client: pg.Client): Promise<void> {
  const goodbye = client.end().catch(() => undefined);
  await Promise.race([goodbye, pause(GOODBYE_MS, undefined, { ref: false })]);
}

/** Jittered, so that the instances do not all come back in the same moment. */
function delayAfter(failures: number): number {
  return Math.min(LONGEST_DELAY_MS, SHORTEST_DELAY_MS * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
}
