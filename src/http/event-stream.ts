import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

export interface StreamedEvent {
  readonly event: string;
  /** Where a reader who was cut off here goes on; without one, where the event before said. */
  readonly id?: string;
  readonly data: object;
}

/** A reader who does not read is let go rather than remembered for. */
const MAX_WAITING = 10_000;
const AT_ONCE = 500;

/** Server-sent events (WHATWG HTML, 9.2): an answer that goes on until one side ends it. */
export class EventStream {
  private readonly waiting: StreamedEvent[] = [];
  private readonly body: Readable;
  private wake: () => void = () => undefined;
  private closed = false;

  /** What comes first may be long: it is written as fast as it is read. */
  constructor(first: Iterable<StreamedEvent>) {
    this.body = Readable.from(this.texts(first), { objectMode: false });
  }

  /** What the handler returns. */
  get answer(): StreamableFile {
    return new StreamableFile(this.body, { type: 'text/event-stream; charset=utf-8' });
  }

  send(event: StreamedEvent): void {
    if (this.closed) return;
    this.waiting.push(event);
    if (this.waiting.length > MAX_WAITING) this.close();
    this.wake();
  }

  /** However it ends: by the reader or by us. */
  onClose(act: () => void): void {
    this.body.on('close', act);
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  private async *texts(first: Iterable<StreamedEvent>): AsyncGenerator<string> {
    let text = '';
    let count = 0;
    for (const event of first) {
      text += textOf(event);
      if ((count += 1) % AT_ONCE > 0) continue;
      yield text;
      text = '';
    }
    if (text !== '') yield text;
    while (!this.closed) {
      if (this.waiting.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
      if (this.waiting.length > 0) yield this.waiting.splice(0).map(textOf).join('');
    }
  }
}

function textOf({ event, id, data }: StreamedEvent): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
