import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Connections } from '../../src/edge/connections.js';
import { eventually } from '../support/eventually.js';

describe('the connections of a server that is stopping', () => {
  let server: Server;
  let connections: Connections;
  let asked: ServerResponse[];
  let sockets: Socket[];

  beforeEach(async () => {
    [asked, sockets] = [[], []];
    server = createServer({ keepAliveTimeout: 65_000 }, (_request, answer) => asked.push(answer));
    connections = new Connections();
    connections.watch(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    connections.cutAll();
    await new Promise((resolve) => server.close(resolve));
  });

  /** A connection on which this much has been sent and received. */
  async function begin(part: string): Promise<Socket> {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write(part);
    const [peer] = await accepted;
    await eventually(async () => peer.bytesRead === part.length);
    return socket;
  }

  const WHOLE = 'GET / HTTP/1.1\r\nHost: gate\r\n\r\n';
  const HALF = 'POST / HTTP/1.1\r\nHost: gate\r\nContent-Length: 9\r\n\r\n{';

  it('are cut when a request on them is half sent, and kept while an answer to a whole one is owed', async () => {
    const whole = await begin(WHOLE);
    const pipelined = await begin(WHOLE + HALF);
    const cut = [await begin(HALF), await begin(WHOLE.slice(0, -2)), await begin('')];
    await eventually(async () => asked.length === 4);
    connections.endWithAnswers();
    connections.cutHalfSent();
    await Promise.all(cut.map((socket) => text(socket).catch(() => '')));
    for (const answer of asked) answer.end('at last');
    for (const socket of [whole, pipelined]) {
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*Connection: close\r\n.*at last/s);
    }
  });

  it('end with the answer that had begun before', async () => {
    const socket = await begin(WHOLE);
    await eventually(async () => asked.length === 1);
    asked[0]!.write('begun');
    connections.endWithAnswers();
    asked[0]!.end();
    expect(await text(socket)).toMatch(/Connection: keep-alive.*begun/s);
  });

  it('are all cut in the end', async () => {
    const socket = await begin(WHOLE);
    connections.cutAll();
    expect(await text(socket).catch(() => '')).toBe('');
  });
});
