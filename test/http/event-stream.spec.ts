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

  it('lets go of a reader who does not read', async () => {
    const stream = new EventStream([]);
    for (let count = 0; count < 20_000; count += 1) stream.send(event(count));
    expect(countsIn(await text(stream.answer.getStream())).length).toBeLessThanOrEqual(10_001);
  });

  it('tells when its reader has gone', async () => {
    const stream = new EventStream([event(0)]);
    const gone = new Promise<void>((resolve) => stream.onClose(resolve));
    const readable = stream.answer.getStream();
    readable.resume();
    await new Promise((resolve) => setImmediate(resolve));
    readable.destroy();
    stream.send(event(1));
    await gone;
  });
});
