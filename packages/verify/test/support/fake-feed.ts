import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Json } from './signer.js';

/** The feed of ended sessions as the backend serves it, with hands on its throat. */
export class FakeFeed {
  readonly events: Json[] = [];
  windowSeconds = 360;
  /** The stream stays open and says nothing: neither events nor heartbeats. */
  isSilent = false;
  /** Cursors before this one are answered with 400, as is junk. */
  oldestCursor = 0;
  /** Makes the next answers fail with this status. */
  failWith: number | null = null;
  /** Takes this much off the time in each heartbeat, as if the stream had been held back on its way. */
  heldBackMs = 0;
  /** The backend's clock. */
  now: () => number = Date.now;
  /** Breaks the next batch of events off after its first. */
  cutWithinBatch = false;
  readonly asked: { kind: 'page' | 'stream'; after: string | null; authorization: string }[] = [];
  private readonly streams = new Map<ServerResponse, number>();
  private readonly beat = setInterval(() => this.flush(true), 40);

  tell(event: Json): void {
    this.events.push(event);
    this.flush(false);
  }

  /** Several at once, as a pull of the backend finds them. */
  tellTogether(events: Json[]): void {
    this.events.push(...events);
    this.flush(false);
  }

  end(sid: unknown): void {
    this.tell({ type: 'session-revoked', sid, at: Date.now() });
  }

  cut(): void {
    for (const response of this.streams.keys()) response.destroy();
  }

  /** As the backend does with a stream that has become old. */
  endStreams(): void {
    for (const response of this.streams.keys()) response.end();
  }

  close(): void {
    clearInterval(this.beat);
    this.cut();
  }

  answer(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const isStream = request.headers.accept === 'text/event-stream';
    const after = url.searchParams.get('after');
    this.asked.push({ kind: isStream ? 'stream' : 'page', after, authorization: request.headers.authorization ?? '' });
    if (this.failWith) return void response.writeHead(this.failWith).end();
    const from = after === null ? 0 : Number(after.replace(/^c/, ''));
    if (!Number.isInteger(from) || (after !== null && from < this.oldestCursor)) {
      response.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error: 'invalid_request' }));
    } else if (isStream) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      this.streams.set(response, from);
      response.on('close', () => this.streams.delete(response));
    } else {
      const page = {
        events: this.events.slice(from),
        cursor: `c${this.events.length}`,
        windowSeconds: this.windowSeconds,
      };
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(page));
    }
  }

  private flush(withHeartbeat: boolean): void {
    if (this.isSilent) return;
    for (const [response, sent] of this.streams) {
      const cut = this.cutWithinBatch && sent < this.events.length;
      for (let i = sent; i < this.events.length; i++) {
        const event = this.events[i];
        response.write(`event: ${String(event.type)}\nid: c${this.events.length}\ndata: ${JSON.stringify(event)}\n\n`);
        if (cut) break;
      }
      if (cut) {
        this.cutWithinBatch = false;
        this.streams.delete(response);
        response.end();
        continue;
      }
      this.streams.set(response, this.events.length);
      const at = this.now() - this.heldBackMs;
      if (withHeartbeat)
        response.write(`event: heartbeat\nid: c${this.events.length}\ndata: ${JSON.stringify({ at })}\n\n`);
    }
  }
}
