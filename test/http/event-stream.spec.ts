import { text } from 'node:stream/consumers';
import { EventStream, type StreamedEvent } from '../../src/http/event-stream.js';

const event = (count: number): StreamedEvent => ({ event: 'count', id: String(count), data: { count } });
const countsIn = (body: string): number[] =>
  [...body.matchAll(/^data: \{"count":(\d+)\}$/gm)].map(([, n]) => Number(n));

describe('a stream of events', () => {
  it('begins with as many as there are, goes on with what is sent, and ends', async () => {
    const first = Array.from({ length: 50_000 }, (_, count) => event(count));
    const stream = new EventStream(first);
    stream.send(event(50_000));
    const seen: number[] = [];
    for await (const chunk of stream.answer.getStream().setEncoding('utf8')) {
      seen.push(...countsIn(String(chunk)));
      if (seen.length === 50_001) stream.send(event(50_001));
      if (seen.length === 50_002) stream.close();
    }
    expect(seen).toEqual(Array.from({ length: 50_002 }, (_, count) => count));
  });

  it('cuts off a reader who falls too far behind', async () => {
    const stream = new EventStream([]);
    const readable = stream.answer.getStream();
    for (let count = 0; !readable.destroyed; count += 1) {
      stream.send(event(count));
      expect(count).toBeLessThan(50_000);
    }
    await expect(text(readable)).rejects.toThrow('did not read');
  });

  it('lets a reader have what was sent before it was closed, and cuts off one who has not read it by the next time', async () => {
    const first = Array.from({ length: 50_000 }, (_, count) => event(count));
    const [read, unread] = [new EventStream(first), new EventStream(first)];
    for (const stream of [read, unread]) stream.close();
    read.send(event(50_000));
    expect(countsIn(await text(read.answer.getStream()))).toHaveLength(50_000);
    unread.close();
    await expect(text(unread.answer.getStream())).rejects.toThrow();
  });

  it('tells at once when its reader has gone', async () => {
    const stream = new EventStream([event(0)]);
    const gone = new Promise<void>((resolve) => stream.onClose(resolve));
    const readable = stream.answer.getStream();
    readable.resume();
    await new Promise((resolve) => setImmediate(resolve));
    readable.destroy();
    await gone;
    stream.send(event(1));
  });
});
