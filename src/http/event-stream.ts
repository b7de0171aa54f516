import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

export interface StreamedEvent {
  readonly event: string;
  /** Where a reader who was cut off here goes on; without one, where the event before said. */
  readonly id?: string;
  readonly data: object;
}

/** Characters, some 8,000 events: a reader who is this far behind is cut off rather than remembered for. */
const MAX_WAITING = 1024 * 1024;
const AT_ONCE = 500;

/** Server-sent events (WHATWG HTML, 9.2): an answer that goes on until one side ends it. */
export class EventStream {
  private readonly first: Iterator<StreamedEvent>;
  private readonly body = new Readable({ read: () => this.flow() });
  private waiting = '';
  /** The reader has taken everything, and gets what comes next at once. */
  private isWanted = false;
  private isClosing = false;

  /** What comes first may be long: it is written as fast as it is read. */
  constructor(first: Iterable<StreamedEvent>) {
    this.first = first[Symbol.iterator]();
  }

  /** What the handler returns. */
  get answer(): StreamableFile {
    return new StreamableFile(this.body, { type: 'text/event-stream; charset=utf-8' });
  }

  send(event: StreamedEvent): void {
    if (this.isClosing || this.body.destroyed) return;
    this.waiting += textOf(event);
    if (this.waiting.length > MAX_WAITING) this.cut();
    else if (this.isWanted) this.flow();
  }

  /** However it ends: by the reader or by us. */
  onClose(act: () => void): void {
    this.body.on('close', act);
  }

  /** Ends when all that was sent has been read. Asked again, it ends at once: the reader has had time to read. */
  close(): void {
    if (this.isClosing) return this.cut();
    this.isClosing = true;
    if (this.isWanted) this.flow();
  }

  /** Ends at once and closes the connection, which a reader who does not read would keep. */
  private cut(): void {
    this.waiting = '';
    this.body.destroy(new Error('A reader who did not read was cut off.'));
  }

  private flow(): void {
    const text = this.next();
    this.isWanted = text === '';
    if (!this.isWanted) this.body.push(text);
    else if (this.isClosing) this.body.push(null);
  }

  private next(): string {
    let text = '';
    for (let count = 0; count < AT_ONCE; count += 1) {
      const { value, done } = this.first.next();
      if (done) break;
      text += textOf(value);
    }
    if (text !== '') return text;
    text = this.waiting;
    this.waiting = '';
    return text;
  }
}

function textOf({ event, id, data }: StreamedEvent): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}
