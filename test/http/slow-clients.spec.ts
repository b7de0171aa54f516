import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { boundedServer, MAX_CONNECTIONS } from '../../src/edge/bounded-server.js';
import { eventually } from '../support/eventually.js';
import { startApp } from '../support/test-app.js';

let port: number;
let sockets: Socket[];

beforeEach(() => {
  sockets = [];
});
afterEach(() => sockets.forEach((socket) => socket.destroy()));

/** A connection on which this much has been sent. */
async function begin(part: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(part);
  return socket;
}

const LIVE = 'GET /health/live HTTP/1.1\r\nHost: gate\r\n\r\n';
const LOGIN = 'POST /auth/login HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n';
const INTROSPECT = LOGIN.replace('/auth/login', '/oauth/introspect').replace('json', 'x-www-form-urlencoded');

describe('the server', () => {
  let server: Server;

  beforeAll(async () => {
    server = boundedServer((request, response) => {
      const answer = request.url === '/large' ? Buffer.alloc(50_000_000) : JSON.stringify({ status: 'ok' });
      request.resume().on('end', () => response.end(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  /** The answer to what was sent by a client that goes on with a byte every second, and the seconds until the end. */
  async function dribbled(part: string, byte = 'a'): Promise<{ answer: string; seconds: number }> {
    const socket = await begin(part);
    const beganAt = performance.now();
    const dribble = setInterval(() => socket.writable && socket.write(byte), 1000);
    const answer = await text(socket).catch(() => '');
    clearInterval(dribble);
    return { answer, seconds: (performance.now() - beganAt) / 1000 };
  }

  /** The seconds until a client that asks for much and reads nothing has been let go. */
  async function unread(): Promise<number> {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = await begin('GET /large HTTP/1.1\r\nHost: gate\r\n\r\n');
    client.pause();
    const beganAt = performance.now();
    const [socket] = await accepted;
    await once(socket, 'close');
    return (performance.now() - beganAt) / 1000;
  }

  it('gives up nothing and half a head after 10 s, half a body after 15 s, an unread answer after 30 s (R11.6, L22)', async () => {
    const notRead = unread();
    const [nothing, head, body] = await Promise.all([
      dribbled('', ''),
      dribbled('GET /health/live HTTP/1.1\r\nX-Slow: '),
      dribbled(`${LOGIN}Content-Length: 99\r\n\r\n{`),
    ]);
    for (const { answer, seconds } of [nothing, head]) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n.*"code":"invalid_request"/s);
      expect(Math.abs(seconds - 11)).toBeLessThan(2);
    }
    expect(body.answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(Math.abs(body.seconds - 16)).toBeLessThan(2);
    expect(await notRead).toBeLessThan(33);
  }, 45_000);

  it(`has ${MAX_CONNECTIONS} connections at most: one more is closed at once, and there is room when others have left`, async () => {
    const idle: Socket[] = [];
    // As many at a time as may wait to be accepted.
    while (idle.length < MAX_CONNECTIONS)
      idle.push(...(await Promise.all(Array.from({ length: 250 }, () => begin('')))));
    expect(await text(await begin(LIVE)).catch(() => '')).toBe('');
    for (const socket of idle) socket.destroy();
    await eventually(async () => {
      const socket = await begin(LIVE.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
      return (await text(socket).catch(() => '')).startsWith('HTTP/1.1 200 ');
    });
  });
});

it('a body that is announced as too large is refused at once with 413, and the connection closed', async () => {
  const app = await startApp({});
  port = Number(new URL(app.url).port);
  for (const [length, head, refusal] of [
    [1_000_000_000, LOGIN, '"code":"payload_too_large"'],
    [16 * 1024 + 1, LOGIN, '"code":"payload_too_large"'],
    [8 * 1024 + 1, INTROSPECT, '"error":"invalid_request"'],
  ] as const) {
    const beganAt = performance.now();
    const answer = await text(await begin(`${head}Content-Length: ${length}\r\n\r\n`));
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\nConnection: close\r\n/s);
    expect(answer).toContain(refusal);
    expect(performance.now() - beganAt).toBeLessThan(2000);
  }
  await app.close();
});
