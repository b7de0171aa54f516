import { PassThrough } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

export interface StreamedEvent {
  readonly event: string;
  /** Where a reader who was cut off here goes on; without one, where the event before said. */
  readonly id?: string;
  readonly data: object;
}

/** A reader who does not read is let go rather than remembered for. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** Server-sent events (WHATWG HTML, 9.2): an answer that goes on until one side ends it. */
export class EventStream {
  private readonly bytes = new PassThrough();

  /** What the handler returns. */
  get answer(): StreamableFile {
    return new StreamableFile(this.bytes, { type: 'text/event-stream; charset=utf-8' });
  }

  send({ event, id, data }: StreamedEvent): void {
    if (this.bytes.destroyed || this.bytes.writableEnded) return;
    this.bytes.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
    if (this.bytes.writableLength > MAX_UNREAD_BYTES) this.close();
  }

  /** However it ends: by the reader or by us. */
  onClose(act: () => void): void {
    this.bytes.on('close', act);
  }

  close(): void {
    this.bytes.end();
  }
}
