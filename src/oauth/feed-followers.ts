import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { Clock } from '../core/clock.js';
import { StoreTime } from '../core/store-time.js';
import { EventStream, type StreamedEvent } from '../http/event-stream.js';
import { KeySet } from '../keys/key-set.js';
import type { RevocationEvent } from '../revocations/revocation-event.js';
import { RevocationWindow } from '../revocations/revocation-window.js';
import { EndedLately } from '../sessions/ended-lately.js';
import type { OauthClient } from './clients-file.js';
import type { FeedEvent, KeyRetired } from './feed-event.js';
import { OauthClients } from './oauth-clients.js';

/** Each instance of a service needs one stream: a client with more than this opens streams and forgets them. */
export const MAX_STREAMS_PER_CLIENT = 100;

/**
 * At this age a stream ends, and its follower opens the next one from its cursor: it proves again who it is and may meet another
 * instance; a follower that has vanished without a word is not kept for ever.
 */
export const MAX_STREAM_AGE_MS = 60 * 60 * 1000;

/** The streams of the feed that are open, and the clients that follow them. */
@Injectable()
export class FeedFollowers implements OnModuleDestroy {
  private readonly open = new Map<EventStream, OauthClient>();
  private isStopping = false;

  constructor(
    private readonly window: RevocationWindow,
    private readonly ended: EndedLately,
    private readonly keys: KeySet,
    private readonly clients: OauthClients,
    private readonly clock: Clock,
    private readonly time: StoreTime,
  ) {}

  /** What every follower is told who begins or goes on, whatever its cursor: the keys that no copy of the key set should hold. */
  retiredKeys(): KeyRetired[] {
    return this.keys.retired().map((kid) => ({ type: 'key-retired', kid }));
  }

  /** A stream has no end of its own, and the server would wait for it; nor may a new one begin. */
  onModuleDestroy(): void {
    this.isStopping = true;
    for (const stream of this.open.keys()) stream.close();
  }

  /**
   * A stream of what was before and of all that comes. Throws `rate_limited` when this client has as many streams as it may, and
   * not `service_unavailable`: nothing is amiss here that an operator could mend.
   */
  follow(client: OauthClient, before: readonly RevocationEvent[]): EventStream {
    if (this.isStopping) {
      throw new AppError('service_unavailable', 'This instance is stopping.', { headers: { 'Retry-After': '1' } });
    }
    if ([...this.open.values()].filter(({ id }) => id === client.id).length >= MAX_STREAMS_PER_CLIENT) {
      throw new AppError('rate_limited', `A client has at most ${MAX_STREAMS_PER_CLIENT} streams open.`, {
        headers: { 'Retry-After': '10' },
      });
    }
    const retired = this.retiredKeys();
    const stream = new EventStream([...[...before, ...retired].map(streamed), this.heartbeat(this.time.now())]);
    const toldKeys = new Set(retired.map(({ kid }) => kid));
    const openedAt = this.clock.now();
    const stop = this.window.follow((events) => {
      if (!this.clients.has(client) || this.clock.since(openedAt) > MAX_STREAM_AGE_MS) return stream.close();
      for (const event of events) stream.send(streamed(event));
      // A heartbeat promises that every older revocation has been sent. While this instance is behind the store it can promise
      // nothing, and sends none.
      const at = this.time.known;
      if (at === null) return;
      for (const event of this.retiredKeys()) {
        if (!toldKeys.has(event.kid)) stream.send(streamed(event));
        toldKeys.add(event.kid);
      }
      if (this.ended.isUpToDate) stream.send(this.heartbeat(at));
    });
    this.open.set(stream, client);
    stream.onClose(() => {
      stop();
      this.open.delete(stream);
    });
    return stream;
  }

  /** The cursor comes last: a reader who is cut off half-way goes on before what it has missed. */
  private heartbeat(at: number): StreamedEvent {
    return { event: 'heartbeat', id: this.window.cursor, data: { at } };
  }
}

function streamed(event: FeedEvent): StreamedEvent {
  return { event: event.type, data: event };
}
