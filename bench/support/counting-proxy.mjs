import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A TCP proxy that shows `makeReader()` of each connection what its client sends, and lets everything through. */
export async function startProxy(port, makeReader) {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const read = makeReader();
    client.on('data', read);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      socket.setNoDelay();
      socket.on('error', () => undefined);
      socket.on('close', () => (client.destroy(), upstream.destroy()));
    }
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return server.address().port;
}

/** How often each name was seen. */
export class Tally {
  counts = new Map();

  add(name) {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** What was seen since the last take. */
  take() {
    const taken = this.counts;
    this.counts = new Map();
    return taken;
  }
}
