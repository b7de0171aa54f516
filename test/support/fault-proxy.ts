import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP link that can be cut, for all or for some, or made to swallow everything, and mended again. */
export class FaultProxy {
  private readonly sockets = new Set<Socket>();
  private mode: 'pass' | 'refuse' | 'swallow' | 'mute' | 'reset' = 'pass';
  private unwelcome: string | null = null;
  private delayMs = 0;
  private readonly hearers = new Set<(chunk: Buffer) => void>();

  private constructor(
    private readonly server: Server,
    private readonly end: URL,
  ) {}

  static async to(end: URL | string): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new FaultProxy(server, new URL(end));
    const { hostname, port } = proxy.end;
    server.on('connection', (socket) => proxy.join(socket, connect(Number(port), hostname)));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The address of the far end, as it is reached over this link. */
  get url(): string {
    const url = new URL(this.end);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  /** How many connections stand. */
  get connections(): number {
    return this.sockets.size / 2;
  }

  get isFailing(): boolean {
    return this.mode !== 'pass' || this.delayMs > 0 || this.unwelcome !== null;
  }

  /** Counts from now on the pieces sent to the far end that hold these words. */
  count(words: string): () => number {
    let pieces = 0;
    this.hearers.add((chunk) => (pieces += chunk.includes(words) ? 1 : 0));
    return () => pieces;
  }

  /** Every connection ends, and no new one lasts. */
  cut(): void {
    this.mode = 'refuse';
    this.destroyAll();
  }

  /** As `cut`, but only for those who say this; the others may connect again at once. */
  cutWhoSays(words: string): void {
    this.unwelcome = words;
    this.destroyAll();
  }

  /** Connections stand, and nothing comes through. */
  swallow(): void {
    this.mode = 'swallow';
  }

  /** Half open: what is sent arrives, and no answer comes back. */
  mute(): void {
    this.mode = 'mute';
  }

  /** What is sent arrives, and instead of the answer a reset comes back. */
  reset(): void {
    this.mode = 'reset';
  }

  /** Whatever the far end answers comes so much later. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  mend(): void {
    this.mode = 'pass';
    this.delayMs = 0;
    this.unwelcome = null;
    this.destroyAll();
  }

  async close(): Promise<void> {
    this.destroyAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    if (this.mode === 'refuse') near.destroy();
    near.on('data', (chunk) => {
      for (const hear of this.hearers) hear(chunk);
      if (this.unwelcome !== null && chunk.includes(this.unwelcome)) near.destroy();
      else if (this.mode !== 'swallow') far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (this.mode === 'reset') near.resetAndDestroy();
      if (this.mode !== 'pass') return;
      if (this.delayMs === 0) near.write(chunk);
      else setTimeout(() => near.writable && near.write(chunk), this.delayMs);
    });
  }

  private destroyAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
