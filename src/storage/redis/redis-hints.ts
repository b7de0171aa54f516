import { createClient } from 'redis';
import { RevocationHints } from '../../sessions/revocation-hints.js';
import { jitteredDelay, type RedisConnection } from './redis-connection.js';

type Subscriber = ReturnType<typeof newSubscriber>;

/** Hints by PUBLISH and SUBSCRIBE, the latter on a connection of its own. */
export class RedisHints extends RevocationHints {
  private readonly channel: string;
  private subscriber: Subscriber | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly redis: RedisConnection,
  ) {
    super();
    this.channel = `${redis.prefix}revocations`;
  }

  listen(onHint: () => void): void {
    this.subscriber ??= this.subscribed(onHint);
  }

  async send(): Promise<void> {
    await this.redis.send(['PUBLISH', this.channel, '']);
  }

  async close(): Promise<void> {
    this.closed = true;
    const { subscriber } = this;
    // A client that is destroyed while it connects goes on connecting and is never let go: it ends once it stands, or gives up.
    if (subscriber?.isReady) subscriber.destroy();
    else subscriber?.once('ready', () => subscriber.destroy());
  }

  private subscribed(onHint: () => void): Subscriber {
    const subscriber = newSubscriber(this.url, () => this.closed);
    const hear = (): void => {
      if (!this.closed) onHint();
    };
    // The connection of the store tells the log of the same outage; without a listener this one would end the process.
    subscriber.on('error', () => undefined);
    subscriber.on('ready', () => {
      if (this.closed) return;
      // The client subscribes again by itself before it is ready, and then this sends nothing.
      subscriber.subscribe(this.channel, hear).then(hear, () => undefined);
    });
    // It is sought until it is destroyed, and only that makes this fail.
    subscriber.connect().catch(() => undefined);
    return subscriber;
  }
}

function newSubscriber(url: string, isClosed: () => boolean) {
  return createClient({
    url,
    maintNotifications: 'disabled',
    disableOfflineQueue: true,
    // An idle connection is heard from every two seconds, or left after five.
    pingInterval: 2000,
    socket: {
      connectTimeout: 2000,
      socketTimeout: 5000,
      reconnectStrategy: (retries) => !isClosed() && jitteredDelay(retries),
    },
  });
}
