import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What the client's half of the Postgres protocol says to run a named statement: B, a length, a portal's name, the statement's. */
const BIND = /B.{4}[^\0]*\0sallyport_(\w+)\0/gs;

/** A link to Postgres that counts on the wire how often each named statement is run. */
export class StatementCounter {
  private readonly counts = new Map<string, number>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async to(url: string): Promise<StatementCounter> {
    const server = createServer();
    const counter = new StatementCounter(server, new URL(url));
    server.on('connection', (client) => counter.join(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return counter;
  }

  /** Postgres, by way of this counter. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  countOf(statement: string): number {
    return this.counts.get(statement) ?? 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    client.on('data', (bytes) => this.count(bytes.toString('latin1')));
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
  }

  private count(text: string): void {
    for (const [, name] of text.matchAll(BIND)) this.counts.set(name!, this.countOf(name!) + 1);
  }
}
