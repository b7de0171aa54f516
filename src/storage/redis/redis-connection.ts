import { UnavailableError } from '../../core/app-error.js';
import { letGo, newClient, REDIS_TIMES, type RedisClient } from './redis-client.js';
import { translatedFault } from './redis-fault.js';

export interface RedisConnectionOptions {
  /** `redis[s]://[[user][:password]@]host[:port][/database]`. One primary with its replicas; not Redis Cluster. */
  readonly url: string;
  /** Before every key of ours. */
  readonly prefix?: string;
  /** How long `connect` tries before it gives up. Once connected, the connection is sought again for ever. */
  readonly connectWithinMs?: number;
  readonly replyWithinMs?: number;
  /** Hears of each fault of the connection, for the log. */
  readonly onFault?: (fault: Error) => void;
}

class NoReplyError extends Error {
  constructor(ms: number) {
    super(`No reply within ${ms} ms`);
  }
}

/** One connection to Redis. It answers or throws `UnavailableError` soon; no command ever waits for a reconnection. */
export class RedisConnection {
  readonly prefix: string;
  private client: RedisClient;
  private closed = false;
  private lastFault: Error | undefined;
  private repliedAt = 0;

  private constructor(private readonly options: RedisConnectionOptions) {
    this.prefix = options.prefix ?? 'sallyport:';
    this.client = this.freshClient();
  }

  static async connect(options: RedisConnectionOptions): Promise<RedisConnection> {
    const connection = new RedisConnection(options);
    try {
      await within(options.connectWithinMs ?? 30_000, connection.client.connect());
      return connection;
    } catch (error) {
      await connection.close();
      throw new UnavailableError('Redis', connection.lastFault ?? error);
    }
  }

  /** Sends one command. Without a reply in time it may have happened or not. */
  async send(command: readonly string[]): Promise<unknown> {
    const { client } = this;
    const sentAt = performance.now();
    try {
      const reply = await within(this.options.replyWithinMs ?? REDIS_TIMES.reply, client.sendCommand(command));
      this.repliedAt = performance.now();
      return reply;
    } catch (error) {
      if (error instanceof NoReplyError && this.repliedAt < sentAt) this.replace(client);
      throw translatedFault(error);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    letGo(this.client);
  }

  /** A connection that swallows commands looks healthy to the client while we keep writing to it, so we leave it. */
  private replace(silent: RedisClient): void {
    if (this.closed || this.client !== silent) return;
    this.client = this.freshClient();
    letGo(silent);
    // Its faults reach the listener; it ends only when it is destroyed.
    this.client.connect().catch(() => undefined);
  }

  private freshClient(): RedisClient {
    const client = newClient(this.options.url);
    // Without a listener the first lost connection would end the process.
    client.on('error', (fault: Error) => {
      this.lastFault = fault;
      this.options.onFault?.(fault);
    });
    return client;
  }
}

async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoReplyError(ms)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
