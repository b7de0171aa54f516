import { RevocationHints } from '../../sessions/revocation-hints.js';
import { letGo, newClient, type RedisClient } from './redis-client.js';
import type { RedisConnection } from './redis-connection.js';

/** Hints by PUBLISH and SUBSCRIBE, the latter on a connection of its own. */
export class RedisHints extends RevocationHints {
  private readonly channel: string;
  private subscriber: RedisClient | undefined;
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
    if (this.subscriber) letGo(this.subscriber);
  }

  private subscribed(onHint: () => void): RedisClient {
    const subscriber = newClient(this.url);
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
